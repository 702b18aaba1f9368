import { join } from "node:path";

import { writeHostileDefaults } from "./hostile-defaults.js";
import { buildImage } from "./image.js";
import { start } from "./run.js";
import { until } from "./until.js";
import { type Workspace } from "./workspace.js";

const ESLINT = 'export default [{ rules: { "no-var": "error" } }];\n';
const WASM = "libs/greeter-plugin/dist/greeter-plugin.wasm";
const PRETTIER = '{ "singleQuote": true, "tabWidth": 4 }\n';

export interface PackageManagerSetting {
  /** How it runs a program that a workspace has installed. */
  readonly exec: string;
  /** Version of Nx. */
  readonly nx: string;
  readonly create: () => Workspace;
  /** What `nx add wplug` says; undefined if it is there already. */
  readonly added?: string;
}

/** The way from nothing to a host that runs its plugin, with one package manager and one version of Nx. */
export function testPackageManager(setting: PackageManagerSetting): void {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = setting.create();
    workspace.write("eslint.config.mjs", ESLINT);
    workspace.write(".prettierrc", PRETTIER);
    writeHostileDefaults(workspace);
  });

  afterAll(() => workspace.remove());

  const nx = (command: string) => workspace.runOk(`${setting.exec} nx ${command}`);

  it("a plugin and a host are generated, built, tested and fit together", () => {
    expect(nx("--version").output).toContain(setting.nx);
    if (setting.added !== undefined) expect(nx("add wplug").output).toContain(setting.added);
    nx("g wplug:plugin libs/greeter");
    nx("g wplug:host shop --contract=greeter");
    nx("run-many -t build test typecheck handshake");
    nx("sync:check");
    expect(nx("serve shop").output).toContain("Hello, shop");

    // What the user has stays, and is followed.
    expect(workspace.read("eslint.config.mjs")).toBe(ESLINT);
    expect(workspace.read(".prettierrc")).toBe(PRETTIER);
    expect(workspace.read("packages/shop/src/main.ts")).toContain(
      "\n    console.error(\n        'No plugin was given.",
    );
  });
  it("the image of a server is built as its Dockerfile says, and has what the server needs", async () => {
    nx("g wplug:host server --contract=greeter --serve");
    const image = buildImage(workspace, "packages/server");
    try {
      const { child, output, ended } = start("exec node main.mjs", image.folder, {
        PLUGIN: join(workspace.root, WASM),
        PORT: "0",
      });
      await until(() => output().includes("localhost:") || child.exitCode !== null, output);
      expect(output()).toContain("greeter-plugin.wasm by HTTP/2 at http://localhost:");
      child.kill("SIGTERM");
      expect((await ended).exitCode).toBe(0);
    } finally {
      image.remove();
    }
  });
}
