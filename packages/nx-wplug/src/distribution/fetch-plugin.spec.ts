import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { main } from "../cli/main";
import { TemporaryFolder } from "../testing/temporary-folder";
import { greeterWasm, startTestRegistry, type TestRegistry } from "../testing/test-registry";
import { fetchPlugin, fileName } from "./fetch-plugin";

describe("fetchPlugin", () => {
  let folder: TemporaryFolder;
  let registry: TestRegistry;
  let cacheHome: string | undefined;

  beforeEach(async () => {
    registry = await startTestRegistry();
    folder = new TemporaryFolder();
    cacheHome = process.env["XDG_CACHE_HOME"];
    process.env["XDG_CACHE_HOME"] = join(folder.path, ".cache");
  });

  afterEach(async () => {
    if (cacheHome === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = cacheHome;
    folder.remove();
    await registry.stop();
  });

  async function wplug(...argv: string[]): Promise<void> {
    const silent = { write: () => true };
    expect(await main(argv, { stdout: silent, stderr: silent, folder: folder.path })).toBe(0);
  }

  it("puts what the lockfile of the workspace pins into the dist of a project, and nothing else", async () => {
    const source = `oci://${registry.host}/acme/greeter:1.2`;
    const wasm = Buffer.from(greeterWasm(1));
    writeFileSync(join(folder.path, "greeter.wasm"), wasm);
    await wplug("push", "greeter.wasm", source);
    const shop = join(folder.path, "shop");
    await expect(fetchPlugin(source, shop, folder.path)).rejects.toThrow(
      `${source} is not pinned, there is no lockfile ${folder.path}/wplug-lock.json: run wplug lock ${source}`,
    );
    await wplug("lock", source);
    const path = await fetchPlugin(source, shop, folder.path);
    expect(path).toMatch(/\/shop\/dist\/plugins\/greeter-[0-9a-f]{12}\.wasm$/);
    expect(readFileSync(path).equals(wasm)).toBe(true);
  });
});

it.each([
  ["oci://ghcr.io/acme/greeter:1.2", "greeter"],
  [`oci://ghcr.io/acme/greeter@sha256:${"a".repeat(64)}`, "greeter"],
  [`oci://localhost:5000/greeter:1@sha256:${"a".repeat(64)}`, "greeter"],
])("the file of %s is called %s", (source, name) => {
  expect(fileName(source)).toBe(name);
});
