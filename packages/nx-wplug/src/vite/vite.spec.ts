import { join } from "node:path";

import { TemporaryFolder } from "../testing/temporary-folder";
import { aliasesOf } from "./alias";
import { wplug } from ".";

const MODULE = "virtual:wplug/plugins";

describe("the plugin of Vite", () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder({
      "nx.json": {},
      "tsconfig.base.json": {
        compilerOptions: {
          customConditions: ["@acme/c/source"],
          paths: {
            "@acme/c": ["libs/c/src/index.ts"],
            "@acme/c/gen/*": ["libs/c/src/gen/*.ts"],
          },
        },
      },
      "web/wplug.json": { type: "host", contracts: ["c"], platform: "browser" },
      "web/project.json": { name: "web" },
      "p/wplug.json": { type: "plugin", contract: "c" },
      "p/project.json": { name: "p" },
    });
  });

  afterEach(() => folder.remove());

  const plugin = () => {
    const it = wplug();
    const config = it.config({ root: join(folder.path, "web") });
    return { ...it, config };
  };

  it("has the plugins of the host's contracts, as files of their own, by name", () => {
    folder.write("p/dist/p.wasm", "");
    const { resolveId, load } = plugin();
    const id = resolveId(MODULE);
    expect(id).not.toBe(MODULE);
    expect(load(id ?? "")).toBe(
      [
        `import url0 from ${JSON.stringify(`${folder.path}/p/dist/p.wasm?url&no-inline`)};`,
        "export const plugins = [",
        '  { name: "p", url: url0 },',
        "];",
        "",
      ].join("\n"),
    );
    expect(resolveId("./main.ts")).toBeUndefined();
    expect(load("./main.ts")).toBeUndefined();
  });

  it("says what to build", () => {
    const { load, resolveId } = plugin();
    expect(() => load(resolveId(MODULE) ?? "")).toThrow(
      /p\.wasm does not exist: "nx build p" makes it/,
    );
  });

  it("finds contracts by their sources, by conditions or paths", () => {
    const { resolve, server } = plugin().config;
    expect(resolve.conditions?.[0]).toBe("@acme/c/source");
    expect(server.fs.allow).toEqual([folder.path]);
    const alias = (path: string) => {
      const found = aliasesOf(folder.path).find(({ find }) => find.test(path));
      return found && path.replace(found.find, found.replacement);
    };
    expect(alias("@acme/c")).toBe(`${folder.path}/libs/c/src/index.ts`);
    expect(alias("@acme/c/gen/a/b.pb")).toBe(`${folder.path}/libs/c/src/gen/a/b.pb.ts`);
    expect(alias("@acme/c/host")).toBeUndefined();
    expect(alias("@acme/cc")).toBeUndefined();
  });

  it("reloads the page when a plugin was built again, and for nothing else", () => {
    folder.write("p/dist/p.wasm", "");
    const listeners: ((path: string) => void)[] = [];
    const sent: object[] = [];
    plugin().configureServer({
      watcher: { add: () => {}, on: (_event, listener) => void listeners.push(listener) },
      ws: { send: (payload) => void sent.push(payload) },
    });
    listeners[0]?.(join(folder.path, "p/dist/other.wasm"));
    expect(sent).toEqual([]);
    listeners[0]?.(join(folder.path, "p/dist/p.wasm"));
    expect(sent).toEqual([{ type: "full-reload" }]);
  });
});
