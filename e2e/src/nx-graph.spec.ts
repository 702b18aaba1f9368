import { rmSync } from "node:fs";
import { join } from "node:path";

import { tasksOf } from "./tasks.js";
import { testRemoteCache } from "./test-remote-cache.js";
import { testServe } from "./test-serve.js";
import { NX, Workspace } from "./workspace.js";

const PROTO = "greeter-contract/proto/greeter.proto";
const POLITE = "plugins/polite-plugin/assembly/index.ts";
const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

interface Row {
  readonly host: string | null;
  readonly plugin: string;
  readonly pluginVersion: number | null;
  readonly calls: readonly { readonly name: string; readonly outcome: string }[];
  readonly problems: readonly string[];
}

describe("contracts, versions and handshakes in the project graph", () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    workspace.initGit();
    workspace.nx("g wplug:plugin greeter --directory=.");
    workspace.nx("g wplug:plugin polite --contract=greeter --directory=plugins");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
    workspace.nx("g wplug:host desk --directory=. --contract=greeter");
    workspace.commit();
  });

  afterAll(() => workspace.remove());

  // Whatever a test left.
  afterEach(() => workspace.runOk("git checkout -q . && git clean -fdq"));

  const run = (command: string) => tasksOf(workspace.nx(`${command} --outputStyle=static`).output);
  const failing = (command: string) => {
    const { exitCode, output } = workspace.run(`${NX} ${command}`);
    expect(exitCode).not.toBe(0);
    expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
    return output;
  };
  const rowsOf = (project: string) =>
    workspace.readJson<{ handshakes: Row[] }>(`${project}/dist/handshake.json`).handshakes;

  describe("handshake", () => {
    it("checks every plugin against every host, and calls every rpc", () => {
      workspace.nx("run-many -t handshake");
      const pairs = (project: string) =>
        rowsOf(project).map(({ host, plugin, problems, calls }) => [
          host,
          plugin,
          problems.length,
          calls.map(({ name, outcome }) => `${name} ${outcome}`).join(),
        ]);
      const call = "greeter_say_hello answered";
      const all = [
        ["desk", "greeter-plugin", 0, call],
        ["desk", "polite-plugin", 0, call],
        ["shop", "greeter-plugin", 0, call],
        ["shop", "polite-plugin", 0, call],
      ];
      expect(pairs("greeter-contract")).toEqual(all);
      expect(pairs("shop")).toEqual(all.slice(2));
      expect(pairs("plugins/polite-plugin")).toEqual([all[1], all[3]]);
      expect(workspace.read("shop/dist/handshake.xml")).toContain(
        '<testsuite name="shop" tests="2" failures="0">',
      );
    });

    it("checks each plugin in a task of its own for CI, with one report", () => {
      const { output } = workspace.nx("run shop:handshake-ci --outputStyle=static");
      expect(tasksOf(output)).toMatchObject({
        "shop:handshake-ci--greeter-plugin": "ran",
        "shop:handshake-ci--polite-plugin": "ran",
        "shop:handshake-ci": "ran",
      });
      expect(rowsOf("shop").map(({ host, plugin, problems }) => [host, plugin, problems])).toEqual([
        ["shop", "greeter-plugin", []],
        ["shop", "polite-plugin", []],
      ]);
      workspace.edit(POLITE, (source) => source.replace("Hello, ", "Good day, "));
      expect(run("run shop:handshake-ci")).toMatchObject({
        "shop:handshake-ci--greeter-plugin": "cached",
        "shop:handshake-ci--polite-plugin": "ran",
      });
    });

    it("checks again just the pairs of the plugin that was edited", () => {
      workspace.edit(POLITE, (source) => source.replace("Hello, ", "How do you do, "));
      const { output } = workspace.nx("run-many -t handshake --outputStyle=static");
      expect(tasksOf(output)).toMatchObject({
        "greeter-plugin:build": "cached",
        "greeter-plugin:handshake": "cached",
        "polite-plugin:handshake": "ran",
        "greeter-contract:handshake": "ran",
      });
      // In the matrix of the contract.
      expect(output).toContain("2 of 4 as in the last report");
    });

    it("fails with go-plugin's sentence and the names of both, also for a plugin built elsewhere", () => {
      workspace.nx("build greeter-plugin");
      workspace.write("shop/vendor/old.wasm", workspace.readBytes(WASM));
      workspace.edit("shop/wplug.json", (json) =>
        json.replace('"type"', '"plugins": ["vendor/old.wasm"], "type"'),
      );
      expect(run("handshake shop")["shop:handshake"]).toBe("ran");
      expect(rowsOf("shop").at(-1)?.plugin).toBe("shop/vendor/old.wasm");
      workspace.nx("g wplug:bump-version greeter");
      expect(failing("handshake shop")).toContain(
        "shop/vendor/old.wasm does not fit shop: API version mismatch, host: 2, plugin: 1 (greeter.v1.Greeter)",
      );
      const vendored = rowsOf("shop").at(-1);
      expect(vendored).toMatchObject({ host: "shop", pluginVersion: 1 });
      expect(workspace.read("shop/dist/handshake.xml")).toContain("<failure message=");
    });

    it("fails if a plugin breaks on an empty request, or needs what a host does not offer", () => {
      workspace.edit(POLITE, (source) =>
        source.replace(
          "const reply",
          "if (request.name.length == 0) unreachable();\n    const reply",
        ),
      );
      expect(failing("handshake polite-plugin")).toMatch(
        /polite-plugin does not fit desk: greeter_say_hello fails with an empty request: .*unreachable/,
      );
      workspace.runOk("git checkout -q .");

      workspace.edit(
        PROTO,
        (proto) =>
          `${proto}\n// go:plugin type=host\nservice Host {\n  rpc Wave(GreetRequest) returns (GreetReply);\n  rpc Nod(GreetRequest) returns (GreetReply);\n}\n`,
      );
      workspace.edit(POLITE, (source) =>
        source
          .replace("GreetReply,", "GreetReply,\n  Host,")
          .replace("const reply", "new Host().nod(request);\n    const reply"),
      );
      const all = "wave: () => ({}), nod: () => ({})";
      workspace.write("shop/src/host-functions.ts", `export const functions = { ${all} };\n`);
      workspace.write(
        "desk/src/host-functions.ts",
        "export const functions = { wave: () => ({}) };\n",
      );
      expect(failing("handshake polite-plugin")).toContain(
        "polite-plugin does not fit desk: plugin imports env.nod (greeter.v1.Host.Nod), which the host does not provide",
      );
      expect(
        rowsOf("plugins/polite-plugin").map(({ host, problems }) => [host, problems.length]),
      ).toEqual([
        ["desk", 1],
        ["shop", 0],
      ]);
    });
  });

  it("asks for a higher version of a contract that breaks plugins, and raises it", () => {
    expect(workspace.nx("check-version greeter-contract").output).toContain(
      "greeter.v1.Greeter: version 1, fits what was built from main",
    );
    workspace.edit(PROTO, (proto) => proto.replace("string name = 1;", "int32 name = 1;"));
    const output = failing("affected -t check-version");
    expect(output).toMatch(
      /greeter-contract\/proto\/greeter\.proto:\d+:\d+: Field "1" .* changed type/,
    );
    expect(output).toContain("Set version=2 above service Greeter");
    workspace.nx("g wplug:bump-version greeter-contract");
    expect(workspace.nx("check-version greeter-contract --base=HEAD").output).toContain(
      "greeter.v1.Greeter: version 2, was 1 at HEAD",
    );
    expect(failing("check-version greeter-contract --base=nowhere")).toContain(
      'There is no commit "nowhere"',
    );
  });

  describe("the cache", () => {
    const build = () => run("build greeter-plugin");
    const before = { "greeter-contract:generate": "cached", "greeter-plugin:build": "cached" };
    let bytes: Buffer;

    const comment = (text: string) =>
      workspace.edit(PROTO, (proto) =>
        proto.replace("message GreetReply", `// Says\n// ${text}\nmessage GreetReply`),
      );

    beforeAll(() => {
      workspace.nx("run-many -t build --parallel=4");
      bytes = workspace.readBytes(WASM);
    });

    it("is hit after an unrelated edit, and restores the same bytes", () => {
      workspace.write("README.md", "# Changed\n");
      workspace.write("greeter-plugin/README.md", "# Changed\n");
      workspace.write("shop/src/other.ts", "export const other = 1;\n");
      expect(build()).toEqual(before);
      rmSync(join(workspace.root, "greeter-plugin/dist"), { recursive: true });
      expect(build()).toEqual(before);
      expect(workspace.readBytes(WASM).equals(bytes)).toBe(true);
    });

    it("is missed after a comment in the proto, which SDK and wasm have in them", () => {
      comment("hello.");
      const ran = { "greeter-contract:generate": "ran", "greeter-plugin:build": "ran" };
      expect(build()).toEqual({ ...before, ...ran });
      expect(workspace.read("greeter-contract/src/gen/greeter.pb.ts")).toContain("hello.");
      expect(workspace.runOk(`npx wplug inspect --proto ${WASM}`).output).toContain("// hello.");
    });

    it("is hit for the wasm after a comment if the plugin does not describe its contract", () => {
      workspace.edit("greeter-plugin/wplug.json", (json) =>
        json.replace('"type"', '"describe": false, "type"'),
      );
      build();
      const silent = workspace.readBytes(WASM);
      expect(silent.length).toBeLessThan(bytes.length);
      // Another one: what was generated with the first is in the cache.
      comment("goodbye.");
      expect(build()).toEqual({ ...before, "greeter-contract:generate": "ran" });
      workspace.nx("build greeter-plugin --skip-nx-cache");
      expect(workspace.readBytes(WASM).equals(silent)).toBe(true);
    });

    const built = { ...before, "greeter-plugin:build": "ran" };

    it("is missed with another version of the compiler, or another option", () => {
      workspace.edit("package-lock.json", (lock) =>
        lock.replace(
          /("node_modules\/assemblyscript": \{\s*"version": ")[^"]+(",[^}]*"integrity": ")[^"]+/,
          "$10.28.1$2sha512-x",
        ),
      );
      // The generator is run again too, as wplug depends on the compiler.
      expect(build()).toMatchObject({ "greeter-plugin:build": "ran" });
      workspace.runOk("git checkout -q .");
      workspace.write("greeter-plugin/assembly/second.ts", 'import "./index";\n');
      workspace.edit("greeter-plugin/package.json", (json) =>
        json.replace(
          '"name": "greeter-plugin",',
          `$& "targets": { "build": { "options": { "main": "assembly/second.ts", "outputFile": "dist/second.wasm" } } },`,
        ),
      );
      expect(build()).toEqual(built);
      const second = workspace.readBytes("greeter-plugin/dist/second.wasm");
      rmSync(join(workspace.root, "greeter-plugin/dist"), { recursive: true });
      expect(build()).toEqual(before);
      expect(workspace.readBytes("greeter-plugin/dist/second.wasm").equals(second)).toBe(true);
    });

    it("is filled by builds of many plugins in one process, which end apart and with the same bytes", () => {
      workspace.edit(POLITE, (source) => source.replace("request.name", "request.nome"));
      const output = failing(
        "run-many -t build -p polite-plugin,greeter-plugin --batch --skip-nx-cache",
      );
      expect(output).toMatch(/polite-plugin\/assembly\/index\.ts:\d+:\d+: .*nome/);
      expect(workspace.readBytes(WASM).equals(bytes)).toBe(true);
      rmSync(join(workspace.root, WASM));
      expect(build()).toEqual(before);
      expect(workspace.readBytes(WASM).equals(bytes)).toBe(true);
    });

    testRemoteCache(() => workspace);
  });

  it("lets nx sync keep SDKs in version control in step with their protos", () => {
    const generated = "greeter-contract/src/gen/greeter.pb.ts";
    workspace.edit("greeter-contract/wplug.json", (json) =>
      json.replace('"type"', '"commitGenerated": true, "type"'),
    );
    expect(workspace.nx("sync:check").output).toContain("[wplug:sync]: All files are up to date.");
    workspace.edit(PROTO, (proto) => proto.replace("string name = 1;", "$&\n  int32 years = 2;"));
    const stale = failing("sync:check");
    expect(stale).toContain("[wplug:sync]: Files that wplug keeps up to date do not fit");
    expect(stale).toContain(generated);
    expect(workspace.read(generated)).not.toContain("years");
    workspace.nx("sync");
    expect(workspace.read(generated)).toContain("years");
    workspace.nx("sync:check");
    // Nothing generates any more, and a build takes what is there.
    expect(run("build greeter-plugin")).toEqual({ "greeter-plugin:build": "ran" });
    workspace.runOk("git checkout -q .");
    workspace.nx("run greeter-contract:generate");
  });

  it("names a schema that is there in every wplug.json", () => {
    for (const project of ["greeter-contract", "greeter-plugin", "plugins/polite-plugin", "shop"]) {
      const { $schema } = workspace.readJson<{ $schema: string }>(`${project}/wplug.json`);
      expect(workspace.readJson(join(project, $schema))).toMatchObject({ title: "wplug.json" });
    }
  });

  describe("serve and watch", () => testServe(() => workspace));

  it("raises the version of a workspace by nx migrate", () => {
    // As an earlier release left it: without tags, which came later.
    workspace.edit("package.json", (json) => json.replace(/("wplug": ")[^"]+/, "$10.0.9"));
    const manifest = "node_modules/wplug/package.json";
    const released = workspace.read(manifest);
    // Replaced, as other workspaces link to the same file.
    rmSync(join(workspace.root, manifest));
    workspace.write(manifest, released.replace('"version": "0.1.0"', '"version": "0.0.9"'));
    workspace.edit("greeter-plugin/package.json", (json) =>
      json.replace(/,\s*"tags": \[[^\]]*\]/, ""),
    );
    // With the installed Nx, which otherwise asks the registry for a newer one and where that comes from.
    workspace.nx("migrate wplug@0.1.0", { NX_MIGRATE_USE_LOCAL: "true" });
    expect(
      workspace.readJson<{ devDependencies: object }>("package.json").devDependencies,
    ).toMatchObject({ wplug: "0.1.0" });
    workspace.runOk("npm install");
    expect(
      workspace.nx("migrate --run-migrations", { NX_MIGRATE_USE_LOCAL: "true" }).output,
    ).toContain("add-project-tags");
    expect(workspace.readJson("greeter-plugin/package.json")).toMatchObject({
      nx: { tags: ["type:plugin", "wplug:greeter-contract"] },
    });
  });

  // The last one, as it leaves another workspace.
  it("survives that projects are moved and removed", () => {
    workspace.nx(
      "g @nx/workspace:move --project=greeter-contract --destination=libs/hello-contract --newProjectName=hello-contract",
    );
    workspace.nx("sync");
    workspace.nx(
      "g @nx/workspace:move --project=polite-plugin --destination=plugins/courteous-plugin",
    );
    workspace.nx("g @nx/workspace:remove --projectName=greeter-plugin");
    workspace.nx("g @nx/workspace:remove --projectName=desk");
    workspace.nx("sync");
    workspace.runOk("npm install");
    workspace.nx("run-many -t build test typecheck handshake");
    workspace.nx("sync:check");
    expect(rowsOf("shop").map(({ plugin, problems }) => [plugin, problems])).toEqual([
      ["polite-plugin", []],
    ]);
  });
});
