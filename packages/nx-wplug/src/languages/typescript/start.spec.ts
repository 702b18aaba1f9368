import { MemoryFiles } from "@wplug/runtime";

import { type LoadedTester, loadTester } from "./testing/load-tester";
import { PluginFolder, tester } from "./testing/plugin-folder";

// It bundles and runs plugins.
jest.setTimeout(60_000);

const folders: PluginFolder[] = [];
const loaded: LoadedTester[] = [];
afterEach(async () => {
  for (const plugin of loaded.splice(0)) await plugin.dispose();
  for (const folder of folders.splice(0)) folder.remove();
});

/** A plugin whose top level runs when it is loaded. */
async function compile(source: string, files: Readonly<Record<string, string>> = {}) {
  const folder = new PluginFolder({ "plugin/src/index.ts": source, ...files });
  folders.push(folder);
  expect(await folder.compile("load")).toMatchObject({ ok: true, messages: [] });
  return folder;
}

async function start(folder: PluginFolder, options = {}): Promise<LoadedTester> {
  const plugin = await loadTester(folder.wasm, options);
  loaded.push(plugin);
  return plugin;
}

describe('a plugin in TypeScript with "start": "load"', () => {
  it("runs its top level each time when it is loaded, and not when it is built", async () => {
    const folder = await compile(
      tester(
        "run() { return { text: String(now) }; }",
        'const now = Date.now();\nconsole.log("top level");',
      ),
    );
    for (let i = 0; i < 2; i++) {
      const before = Date.now();
      const plugin = await start(folder);
      expect(plugin.stdout()).toBe("top level\n");
      expect(Number(await plugin.run(""))).toBeGreaterThanOrEqual(before - 1);
    }
  });

  it("calls functions of the host and reads files at its top level", async () => {
    const folder = await compile(
      tester(
        "run() { return { text: answer + config }; }",
        `import { readTextFile } from "@wplug/runtime/plugin";
        const answer = new Host().answer({ text: "top " }).text;
        const config = readTextFile("/etc/config");`,
      ),
    );
    const plugin = await start(folder, { files: { "/etc": new MemoryFiles({ config: "file" }) } });
    expect(await plugin.run("")).toBe("answer to top file");
  });

  it("waits for promises at its top level", async () => {
    const folder = await compile(
      tester(
        "run() { return { text: later }; }",
        'const later = await new Promise<string>((resolve) => setTimeout(() => resolve("later"), 1));',
      ),
    );
    expect(await (await start(folder)).run("")).toBe("later");
  });

  it("has its modules run in their order, where some come before the contract's", async () => {
    const folder = await compile(
      `import "./first";\nimport { answer } from "./answer";${tester("run() { return { text: answer }; }")}`,
      {
        "plugin/src/first.ts": 'console.log("first");',
        "plugin/src/answer.ts": `import { Host } from "@test/contract/plugin";
        console.log("second");
        export const answer = new Host().answer({ text: "module" }).text;`,
      },
    );
    const plugin = await start(folder);
    expect(plugin.stdout()).toBe("first\nsecond\n");
    expect(await plugin.run("")).toBe("answer to module");
  });

  it("fails to load with the text of what its top level throws, and the place of it", async () => {
    const folder = await compile(
      tester("run(it: Text) { return it; }", 'throw new Error("no configuration");'),
    );
    let stderr = "";
    const failed = start(folder, {
      stderr: (part: Uint8Array) => (stderr += Buffer.from(part).toString()),
    });
    await expect(failed).rejects.toThrow(/no configuration/);
    expect(stderr).toMatch(/at .*plugin\/src\/index\.ts:4:\d+/);
  });

  it("fails to load if it does not register what it has code to register", async () => {
    const folder = await compile(
      tester("run(it: Text) { return it; }").replace(
        "registerTester(",
        "if (Date.now() === 0) registerTester(",
      ),
    );
    await expect(start(folder)).rejects.toThrow(
      /the top level has ended and Tester is not registered/,
    );
  });

  it("is refused by the build if it has no code to register a service", async () => {
    const folder = new PluginFolder({ "plugin/src/index.ts": "export {};" });
    folders.push(folder);
    const result = await folder.compile("load");
    expect(result.messages.join("")).toMatch(/registers no service/);
  });

  it("gives the same bytes in another folder", async () => {
    const source = tester("run(request: Text) { return request; }");
    const [a, b] = [await compile(source), await compile(source)];
    expect(Buffer.compare(a.bytes(), b.bytes())).toBe(0);
  });
});
