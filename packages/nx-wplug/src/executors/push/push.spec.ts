import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { greeterWasm, startTestRegistry, type TestRegistry } from "../../testing/test-registry";
import { pushExecutor } from "./executor";
import schema from "./schema.json";
import type { PushExecutorSchema } from "./schema";

describe("push", () => {
  let folder: TemporaryFolder;
  let registry: TestRegistry;
  let printed: string[];

  beforeEach(async () => {
    registry = await startTestRegistry();
    printed = [];
    for (const method of ["log", "error"] as const) {
      jest
        .spyOn(console, method)
        .mockImplementation((...texts: unknown[]) => void printed.push(texts.join(" ")));
    }
    folder = new TemporaryFolder({
      "plugin/wplug.json": {
        type: "plugin",
        contract: "greeter-contract",
        registry: `${registry.host}/acme`,
      },
      "plugin/package.json": { name: "@acme/Greeter-plugin", version: "1.2.0" },
    });
    writeWasm(1);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    delete process.env["NX_DRY_RUN"];
    folder.remove();
    await registry.stop();
  });

  function writeWasm(version: number): void {
    // The name of the project is that of a scope, too.
    const path = "plugin/dist/@acme/Greeter-plugin.wasm";
    folder.write(path, "");
    writeFileSync(join(folder.path, path), greeterWasm(version));
  }

  function push(options: PushExecutorSchema = {}): Promise<{ success: boolean }> {
    const context: ExecutorContext = {
      root: folder.path,
      cwd: folder.path,
      isVerbose: false,
      projectName: "@acme/Greeter-plugin",
      nxJsonConfiguration: {},
      projectGraph: { nodes: {}, dependencies: {} },
      projectsConfigurations: {
        version: 2,
        projects: { "@acme/Greeter-plugin": { root: "plugin" } },
      },
    };
    return pushExecutor(options, context);
  }

  const repository = () => `oci://${registry.host}/acme/greeter-plugin`;

  it("puts the plugin under its version, and another tag if one is given", async () => {
    expect(await push()).toEqual({ success: true });
    expect(printed[0]).toMatch(new RegExp(`^${repository()}:1\\.2\\.0 pushed: sha256:\\w{64}$`));
    expect(await push({ tag: "next" })).toEqual({ success: true });
    expect(printed[1]).toContain(":1.2.0 was there already");
    expect(printed[2]).toContain(":next pushed");
  });

  it("refuses a version that is there with another digest", async () => {
    await push();
    writeWasm(2);
    expect(await push()).toEqual({ success: false });
    expect(printed[1]).toMatch(/:1\.2\.0 is there already, with another digest .*--force$/);
    expect(await push({ force: true })).toEqual({ success: true });
  });

  it("writes nothing in a dry run, also one of nx release", async () => {
    await push({ dryRun: true });
    process.env["NX_DRY_RUN"] = "true";
    await push();
    expect(printed.every((line) => line.includes("would be pushed"))).toBe(true);
    expect(registry.requests.filter((it) => !it.startsWith("GET"))).toEqual([]);
  });

  // https://github.com/nrwl/nx/blob/23.2.1/packages/nx/src/command-line/release/publish.ts
  it.each([
    "dryRun",
    "firstRelease",
    "packageRoot",
    "registry",
    "tag",
    "otp",
    "access",
    "nxReleaseVersionData",
  ])("lets nx release give it %s", (option) =>
    expect(Object.keys(schema.properties)).toContain(option),
  );

  it("takes the registry and the name of options", async () => {
    await push({ registry: `http://${registry.host}/other/`, repository: "greeter" });
    expect(printed[0]).toContain(`oci://${registry.host}/other/greeter:1.2.0 pushed`);
  });

  it("says what is missing", async () => {
    folder.write("plugin/package.json", { name: "greeter" });
    expect(await push()).toEqual({ success: false });
    expect(printed[0]).toBe(
      'plugin has no version to push it under: add "version" to its package.json, or --tag=TAG.',
    );
    folder.write("plugin/wplug.json", { type: "plugin", contract: "greeter-contract" });
    await push();
    expect(printed[1]).toContain('plugin/wplug.json names no "registry", and there is no option');
    await push({ registry: "ghcr.io/acme", file: "none.wasm" });
    expect(printed[2]).toContain('plugin/none.wasm does not exist: run "nx build');
  });
});
