import { tasksOf } from "./tasks.js";
import type { Workspace } from "./workspace.js";

export interface PresetSetting {
  readonly create: () => Workspace;
  /** How its package manager runs a program that the workspace has installed. */
  readonly exec?: string;
  /** How it installs packages that are used to develop. */
  readonly install?: string;
  /** What else there is to run. */
  readonly targets?: string;
  /** What runs tests, as the workspace does. */
  readonly testRunner: "jest" | "vitest";
  /** Before wplug is added. */
  readonly prepare?: (workspace: Workspace) => void;
  /** Once there are a plugin and a host, all of it committed. */
  readonly more?: (workspace: () => Workspace) => void;
}

/** From a fresh workspace of some preset to a plugin and a host of which everything is checked, without mending anything. */
export function testPreset(setting: PresetSetting): void {
  const { exec = "npx", install = "npm install -D", testRunner } = setting;
  let workspace: Workspace;

  beforeAll(() => {
    workspace = setting.create();
    setting.prepare?.(workspace);
    workspace.runOk(`${exec} nx add wplug`);
    // Not every preset brings it, nor formats what it writes itself.
    if (!workspace.exists("node_modules/.bin/prettier"))
      workspace.runOk(`${install} prettier@~3.6.2`);
    workspace.runOk(`${exec} prettier --write . --log-level=warn`);
    workspace.initGit();
  });

  const nx = (command: string) => workspace.runOk(`${exec} nx ${command}`);

  it("a plugin and a host are formatted and in sync right after the generators, and after generating", () => {
    nx("g wplug:plugin greeter");
    nx("g wplug:host shop --contract=greeter");
    workspace.commit();
    nx("format:check --all");
    nx("sync:check");
  });

  it("a fresh clone is built, tested and checked, and again from the cache", () => {
    workspace.runOk("git clean -fdxq -e node_modules");
    const all = `run-many -t build test typecheck handshake ${setting.targets ?? ""} --outputStyle=static`;
    const { output } = nx(all);
    expect(output).toMatch(/Hello|greeter\.v1\.Greeter/);
    const runner = testRunner === "jest" ? /^Tests: +1 passed/m : /^ +Tests +1 passed/m;
    expect(output).toMatch(runner);
    const second = tasksOf(nx(all).output);
    // Some presets have targets of their own that are never cached.
    const ours = Object.keys(second).filter((task) => /^(greeter-|shop:)/.test(task));
    expect(ours.filter((task) => second[task] !== "cached")).toEqual([]);
    expect(ours).toEqual(
      expect.arrayContaining([
        "greeter-contract:generate",
        ...["greeter-contract", "greeter-plugin", "shop"].flatMap((project) =>
          ["build", "test", "typecheck", "handshake"].map((target) => `${project}:${target}`),
        ),
      ]),
    );
    expect(nx("serve shop").output).toContain("Hello, shop");
    // Nothing of it is for version control, or for Prettier.
    expect(workspace.runOk("git status --porcelain").stdout).toBe("");
    nx("format:check --all");
  });

  setting.more?.(() => workspace);

  // The last one, as hooks run in this order.
  afterAll(() => workspace.remove());
}
