import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { runOk } from "./run.js";
import { sharedFolder, Workspace } from "./workspace.js";

const ESLINT = 'export default [{ rules: { "no-var": "error" } }];\n';
const PRETTIER = '{ "singleQuote": true, "tabWidth": 4 }\n';

interface Setting {
  readonly manager: "npm" | "pnpm" | "yarn";
  readonly nx: string;
}

describe.each<Setting>([
  { manager: "yarn", nx: "21.6.11" },
  { manager: "pnpm", nx: "22.7.12" },
  // Of @nx/js there is no 24 yet.
  { manager: "npm", nx: "24.0.6" },
])("in a workspace of $manager and Nx $nx", ({ manager, nx: version }) => {
  const exec = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn" }[manager];
  let workspace: Workspace;

  beforeAll(() => {
    workspace =
      manager === "npm"
        ? Workspace.create("ts")
        : Workspace.createWith(manager, version, packageManagers());
    if (manager === "npm") {
      workspace.runOk(`npm install --save-dev nx@${version} @nx/devkit@24.0.0`);
    }
    workspace.write("eslint.config.mjs", ESLINT);
    workspace.write(".prettierrc", PRETTIER);
  });

  afterAll(() => workspace.remove());

  const nx = (command: string) => workspace.runOk(`${exec} nx ${command}`);

  it("a plugin and a host are generated, built, tested and fit together", () => {
    expect(nx("--version").output).toContain(version);
    if (manager !== "npm") expect(nx("add wplug").output).toContain("added successfully");
    nx("g wplug:plugin greeter --directory=libs");
    nx("g wplug:host shop --contract=greeter");
    nx("run-many -t build test typecheck handshake");
    nx("sync:check");
    expect(nx("serve shop").output).toContain("Hello, shop");

    // What the user has stays, and is followed.
    expect(workspace.read("eslint.config.mjs")).toBe(ESLINT);
    expect(workspace.read(".prettierrc")).toBe(PRETTIER);
    expect(workspace.read("shop/src/main.ts")).toContain(
      "\n    console.error(\n        'No plugin",
    );
  });
});

/** The folder of the programs pnpm and yarn, which npm installs like any other. */
function packageManagers(): string {
  const folder = join(sharedFolder(), "package-managers");
  if (!existsSync(folder)) {
    mkdirSync(folder);
    runOk("npm init -y && npm install pnpm@10 yarn@1", folder);
  }
  return join(folder, "node_modules/.bin");
}
