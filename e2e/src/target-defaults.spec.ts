import { rmSync } from "node:fs";
import { join } from "node:path";

import { type NxJson, writeHostileDefaults } from "./hostile-defaults.js";
import { tasksOf } from "./tasks.js";
import { NX, Workspace } from "./workspace.js";

const PROTO = "greeter-contract/proto/greeter.proto";
const INDEX = "greeter-plugin/assembly/index.ts";
const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

describe("a workspace with targetDefaults and namedInputs of its own", () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    writeHostileDefaults(workspace);
    workspace.initGit();
    workspace.nx("g wplug:plugin greeter --directory=.");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
    workspace.commit();
    // What a fresh clone does not have.
    for (const folder of [".nx", "greeter-contract/src/gen", "greeter-contract/assembly/gen"]) {
      rmSync(join(workspace.root, folder), { recursive: true, force: true });
    }
  });

  afterAll(() => workspace.remove());

  afterEach(() => workspace.runOk("git checkout -q ."));

  const run = (command: string) => tasksOf(workspace.nx(`${command} --outputStyle=static`).output);
  const affected = () =>
    (
      JSON.parse(workspace.nx("show projects --affected --base=HEAD --json").stdout) as string[]
    ).sort();
  const ALL = "run-many -t build test typecheck handshake";

  it("tests a plugin in a fresh clone", () => {
    expect(workspace.nx("test greeter-plugin").output).toMatch(/Tests:\s+1 passed/);
  });

  it("builds, tests and checks the rest, and then takes everything from the cache", () => {
    workspace.nx(ALL);
    rmSync(join(workspace.root, WASM));
    const second = run(ALL);
    expect(Object.keys(second)).toHaveLength(13);
    expect(new Set(Object.values(second))).toEqual(new Set(["cached"]));
    expect(workspace.exists(WASM)).toBe(true);
    workspace.nx("sync:check");
  });

  it("hands options on to jest, as before", () => {
    expect(workspace.nx("test greeter-contract --testNamePattern=nothing").output).toMatch(
      /1 skipped/,
    );
  });

  it("runs again what an edit of the plugin concerns", () => {
    workspace.edit(INDEX, (source) =>
      source.replace(
        "const reply",
        'if (request.name == "x") request.name = "y";\n    const reply',
      ),
    );
    expect(run(ALL)).toMatchObject({
      "greeter-contract:generate": "cached",
      "greeter-contract:test": "cached",
      "greeter-plugin:build": "ran",
      "greeter-plugin:test": "ran",
      "shop:build": "cached",
      "shop:test": "ran",
      "shop:handshake": "ran",
    });
    expect(affected()).toEqual(["greeter-plugin"]);
  });

  it("runs again everything that an edit of the proto concerns", () => {
    workspace.edit(PROTO, (proto) => proto.replace("string name = 1;", "$&\n  int32 years = 2;"));
    expect(new Set(Object.values(run(ALL)))).toEqual(new Set(["ran"]));
    expect(affected()).toEqual(["greeter-contract", "greeter-plugin", "shop"]);
  });

  it("builds again with another version of the compiler", () => {
    workspace.edit("package-lock.json", (lock) =>
      lock.replace(
        /("node_modules\/assemblyscript": \{\s*"version": ")[^"]+(",[^}]*"integrity": ")[^"]+/,
        "$10.28.1$2sha512-x",
      ),
    );
    expect(run("build greeter-plugin")).toMatchObject({ "greeter-plugin:build": "ran" });
  });

  it("refuses to go on if someone takes away what keeps those defaults away, and nx sync brings it back", () => {
    workspace.edit("nx.json", (json) => json.replace(/"wplug:build":\s*\{\s*\},?/, ""));
    const { exitCode, output } = workspace.run(`${NX} build greeter-plugin`);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      '"build" of targetDefaults in nx.json replaces what this task depends on: run "nx sync"',
    );
    workspace.nx("sync");
    expect(workspace.readJson<NxJson>("nx.json").targetDefaults).toHaveProperty(["wplug:build"]);
    workspace.nx("build greeter-plugin");
  });
});
