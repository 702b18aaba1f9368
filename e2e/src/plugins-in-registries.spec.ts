import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hasOciRegistry, startOciRegistry, type OciRegistry } from "./oci-registry.js";
import { Workspace } from "./workspace.js";

const REPOSITORY = "acme/greeter-plugin";

/** A plugin goes from one workspace to a registry, and from there to a host. */
describe("plugins in registries", () => {
  if (!hasOciRegistry) {
    it("are not tried: no docker-registry", () => expect(hasOciRegistry).toBe(false));
    return;
  }

  let folder: string;
  let registry: OciRegistry;
  let workspace: Workspace;
  let source: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wplug-e2e-registry-"));
    registry = await startOciRegistry(folder, 5077);
    workspace = Workspace.create("ts");
    source = `oci://${registry.host}/${REPOSITORY}`;
    workspace.nx("g wplug:plugin greeter");
    workspace.nx("g wplug:host shop --contract=greeter-contract");
    editJson("packages/greeter-plugin/wplug.json", { registry: `${registry.host}/acme` });
    editJson("packages/greeter-plugin/package.json", { private: true, version: "0.0.1" });
    editJson("nx.json", { release: { projects: ["greeter-plugin"] } });
    workspace.initGit();
  });

  afterAll(() => {
    workspace.remove();
    registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function editJson(path: string, change: object): void {
    const json = workspace.readJson<object>(path);
    workspace.write(path, JSON.stringify({ ...json, ...change }, null, 2));
  }

  const env = () => ({ XDG_CACHE_HOME: join(folder, "cache") });
  const wplug = (command: string) => workspace.run(`npx wplug ${command}`, env());
  const nx = (command: string) => workspace.run(`npx nx ${command}`, env());
  const nxOk = (command: string) => workspace.nx(command, env());

  /** Other bytes of the same contract. */
  function rewordPlugin(): void {
    const path = "packages/greeter-plugin/assembly/index.ts";
    workspace.edit(path, (text) => text.replace("Hello, ", "Hello again, "));
    workspace.commit();
  }

  // The tests depend on those before them.

  it("are not there after dry runs", async () => {
    const pushed = nxOk("push greeter-plugin --dry-run");
    expect(pushed.output).toContain(`${source}:0.0.1 would be pushed`);
    const released = nxOk("release 1.0.0 --first-release --yes --dry-run");
    expect(released.output).toContain("would be pushed");
    expect(await registry.tags(REPOSITORY)).toEqual([]);
    expect(workspace.runOk("git status --porcelain").stdout).toBe("");
  });

  it("are pushed by nx release under its version, after they were built and shook hands", async () => {
    const { output } = nxOk("release 1.0.0 --first-release --yes");
    expect(output).toContain(`${source}:1.0.0 pushed: sha256:`);
    expect(output).toContain("greeter-plugin:handshake");
    expect(await registry.tags(REPOSITORY)).toEqual(["1.0.0"]);
    expect(workspace.runOk("git tag").stdout).toContain("1.0.0");
  });

  it("are there already if they are published again", () => {
    expect(nxOk("release publish").output).toContain(`${source}:1.0.0 was there already`);
  });

  it("keep their version: others under the same one are refused, by each way", async () => {
    rewordPlugin();
    for (const command of ["release publish", "push greeter-plugin"]) {
      const { exitCode, output } = nx(command);
      expect(output).toContain(`${source}:1.0.0 is there already, with another digest`);
      expect(exitCode).not.toBe(0);
    }
    nxOk("release 1.1.0 --yes");
    expect(await registry.tags(REPOSITORY)).toEqual(["1.0.0", "1.1.0"]);
  });

  it("are found, pinned, handed to a host and shaken hands with", () => {
    expect(
      wplug(`search --contract=greeter-contract ${registry.host}/${REPOSITORY}`).output,
    ).toMatch(/^1\.1\.0 .* loads here\n1\.0\.0 .* loads here\n$/);
    editJson("packages/shop/wplug.json", { plugins: [`${source}:1.0.0`] });
    const unpinned = nx("handshake shop");
    expect(unpinned.output).toContain(`run wplug lock ${source}:1.0.0`);
    expect(unpinned.exitCode).not.toBe(0);
    expect(wplug("lock --frozen").exitCode).toBe(1);
    expect(wplug("lock").output).toMatch(/^added .*:1\.0\.0 .* 1\.0\.0 .*Greeter 1\n$/);
    expect(wplug("lock --frozen")).toMatchObject({ exitCode: 0, output: "" });
    nxOk("handshake shop");
    expect(nxOk("serve shop").output).toContain("Hello");
  });

  it("are loaded without the registry once they were", () => {
    registry.stop();
    expect(nxOk("serve shop --skip-nx-cache").output).toContain("Hello");
  });
});
