import { bundlePlugin } from "./build/bundle-plugin";
import { loadTester } from "./testing/load-tester";
import { PluginFolder, tester } from "./testing/plugin-folder";

// It bundles and runs plugins.
jest.setTimeout(60_000);

const folders: PluginFolder[] = [];
afterEach(() => folders.splice(0).forEach((folder) => folder.remove()));

async function build(method: string, top = "", files = {}): Promise<PluginFolder> {
  const folder = new PluginFolder({ "plugin/src/index.ts": tester(method, top), ...files });
  folders.push(folder);
  expect(await folder.compile()).toMatchObject({ ok: true, messages: [] });
  return folder;
}

/** What an expression is in a plugin, as JSON. */
async function evaluate(code: string, top = "", files = {}): Promise<unknown> {
  const folder = await build(
    `async run({ text }: Text) { return { text: JSON.stringify(${code}) }; }`,
    top,
    files,
  );
  const plugin = await loadTester(folder.wasm);
  try {
    return JSON.parse(await plugin.run("")) as unknown;
  } finally {
    await plugin.dispose();
  }
}

describe("globals of a plugin in TypeScript", () => {
  it("parse URLs, also of other alphabets", async () => {
    const code = `(() => {
      const url = new URL("../b?q=hello world&q=2#x", "https://ann:pass@Bücher.example:8080/a/c/");
      url.searchParams.append("ü", "&");
      return [url.href, url.host, url.searchParams.getAll("q"), URL.canParse("no url"),
        String(new URLSearchParams({ a: "1 2" }))];
    })()`;
    expect(await evaluate(code)).toEqual([
      "https://ann:pass@xn--bcher-kva.example:8080/a/b?q=hello+world&q=2&%C3%BC=%26#x",
      "xn--bcher-kva.example:8080",
      ["hello world", "2"],
      false,
      "a=1+2",
    ]);
  });

  it("clone what is structured, circles too, and refuse functions", async () => {
    const code = `(() => {
      const circle: { map: Map<string, unknown>; self?: unknown; bytes: Uint8Array } =
        { map: new Map([["a", new Set([1n])]]), bytes: Uint8Array.of(1, 2) };
      circle.self = circle;
      const clone = structuredClone(circle);
      let refused = "";
      try { structuredClone(() => 1); } catch (error) { refused = (error as Error).name; }
      return [clone !== circle, clone.self === clone, clone.map !== circle.map,
        String([...(clone.map.get("a") as Set<bigint>)]), [...clone.bytes],
        structuredClone(new Date(5)).getTime(), refused !== ""];
    })()`;
    expect(await evaluate(code)).toEqual([true, true, true, "1", [1, 2], 5, true]);
  });

  it("end what takes too long, by signals with events", async () => {
    const code = `await (async () => {
      const seen: unknown[] = [];
      const controller = new AbortController();
      const both = AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]);
      both.onabort = () => seen.push("onabort");
      both.addEventListener("abort", { handleEvent: ({ type }) => seen.push(type) }, { once: true });
      controller.abort();
      controller.abort();
      try { both.throwIfAborted(); } catch (error) { seen.push((error as Error).name); }
      const late = AbortSignal.timeout(5);
      await new Promise((resolve) => late.addEventListener("abort", resolve));
      seen.push((late.reason as Error).name, AbortSignal.any([late]).reason === late.reason);
      seen.push(AbortSignal.abort("why").reason, late instanceof EventTarget, late.aborted);
      const before = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [...seen, performance.now() - before > 10];
    })()`;
    expect(await evaluate(code)).toEqual([
      ...["onabort", "abort", "AbortError", "TimeoutError", true],
      ...["why", true, true, true],
    ]);
  });

  it("are found by packages, too", async () => {
    const files = {
      "node_modules/pack/package.json": '{"name":"pack","main":"index.js"}',
      "node_modules/pack/index.js":
        'exports.host = (it) => typeof URL === "function" ? new URL(it).host : "none";',
    };
    const code = 'host("https://example.org/")';
    expect(await evaluate(code, 'import { host } from "pack";', files)).toBe("example.org");
  });

  it.each([
    ["Intl.NumberFormat", "there is no Intl in a plugin in TypeScript: let the host format"],
    ["fetch", "a plugin reaches what its contract offers: call a function of the host"],
    ["process.env", "there is no Node in a plugin"],
    ["new Blob([])", "a plugin has nothing of fetch"],
    ["(crypto as any).subtle.digest()", "there is no crypto.subtle in a plugin"],
    ["someOther", "someOther is not defined"],
  ])("that are missing are named with what to do instead: %s", async (code, expected) => {
    const folder = await build(`run(it: Text) { return it && ${code}; }`);
    const plugin = await loadTester(folder.wasm);
    await expect(plugin.run("")).rejects.toThrow(expected);
    await plugin.dispose();
  });

  it("can be added for packages, as docs/typescript.md does with fetch", async () => {
    const files = {
      "plugin/src/fetch.ts": `import { Host } from "@test/contract/plugin";
        const host = new Host();
        async function fetch(url: string) {
          const { text } = host.answer({ text: url });
          return { ok: true, status: 200, text: async () => text };
        }
        Object.assign(globalThis, { fetch });`,
      "node_modules/pack/package.json": '{"name":"pack","type":"module","main":"index.js"}',
      "node_modules/pack/index.js":
        "export const get = async (url) => (await fetch(String(url))).text();",
    };
    const top = 'import "./fetch";\nimport { get } from "pack";';
    expect(await evaluate('await get("https://example.org")', top, files)).toBe(
      "answer to https://example.org",
    );
  });

  it("weigh nothing where they are not used", async () => {
    const folder = new PluginFolder({
      "plugin/src/index.ts": tester("run(it: Text) { return it; }"),
    });
    folders.push(folder);
    const bundle = await bundlePlugin({ ...folder.job(), main: "src/index.ts" });
    expect(bundle.ok && bundle.text).toContain("pluginService");
    expect(bundle.ok && bundle.text).not.toMatch(/URL|Clone|Abort|EventTarget|__esm/);
  });
});
