import { join } from "node:path";

import { TemporaryFolder } from "../testing/temporary-folder";
import { builtPlugin, builtPlugins } from "./built-plugins";

describe("built plugins", () => {
  const contract = "greeter-contract";
  const folder = new TemporaryFolder({
    "nx.json": {},
    "contract/wplug.json": { type: "contract", plugins: ["vendor/c.wasm"] },
    "contract/package.json": { name: contract },
    "contract/vendor/c.wasm": "",
    "plugins/b/wplug.json": { type: "plugin", contract },
    "plugins/b/project.json": { name: "b" },
    "plugins/b/dist/b.wasm": "",
    "plugins/a/wplug.json": { type: "plugin", contract },
    "plugins/a/package.json": { name: "@acme/a", nx: { name: "a" } },
    "plugins/a/dist/a.wasm": "",
    "plugins/a/node_modules/x/wplug.json": { type: "plugin", contract },
    "plugins/other/wplug.json": { type: "plugin", contract: "other-contract" },
    "plugins/other/project.json": { name: "other" },
    "shop/wplug.json": { type: "host", contracts: [contract] },
    "shop/project.json": { name: "shop" },
  });
  afterAll(() => folder.remove());

  const wasm = (path: string) => join(folder.path, path);

  it("of a host are those of its contracts", () => {
    expect(builtPlugins(join(folder.path, "shop/src"))).toEqual([
      { name: "a", wasm: wasm("plugins/a/dist/a.wasm") },
      { name: "b", wasm: wasm("plugins/b/dist/b.wasm") },
      { name: "contract/vendor/c.wasm", wasm: wasm("contract/vendor/c.wasm") },
    ]);
  });

  it("of a plugin is the plugin itself", () => {
    const test = join(folder.path, "plugins/a/test");
    const own = { name: "a", wasm: wasm("plugins/a/dist/a.wasm") };
    expect(builtPlugin(test)).toEqual(own);
    expect(builtPlugins(test)).toEqual([own]);
  });

  it("are an error that says what to do if they are missing", () => {
    expect(() => builtPlugin(join(folder.path, "plugins/other"))).toThrow(
      /other\.wasm does not exist: "nx build other" makes it/,
    );
    expect(() => builtPlugins(folder.path)).toThrow(/There is no wplug\.json in /);
    expect(() => builtPlugin(join(folder.path, "shop"))).toThrow("expected a plugin");
  });
});
