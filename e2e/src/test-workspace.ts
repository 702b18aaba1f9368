import { rmSync } from "node:fs";

import { copyWorkspace } from "./copy-workspace.js";
import { until } from "./until.js";
import { importedModules } from "./wasm.js";
import { NX, TSC, Workspace, type WorkspaceKind } from "./workspace.js";

const WASM = "greeter-plugin/dist/greeter-plugin.wasm";
const PROTO = "greeter-contract/proto/greeter.proto";
const INDEX = "greeter-plugin/assembly/index.ts";

const MONEY_PROTO = `syntax = "proto3";
package money.v1;
message Money { int64 cents = 1; }
`;

const MONEY_SPEC = `import { Money } from "./index.js";
it("counts in cents", () => expect(new Money({ cents: 1n }).cents).toBe(1n));
`;

interface Graph {
  readonly graph: {
    readonly dependencies: Record<string, readonly { readonly target: string }[]>;
  };
}

// Names of the tasks that a run of Nx reports, such as `greeter-plugin:test`.
function tasksOf(output: string, target: string): string[] {
  const names = [...output.matchAll(new RegExp(`nx run ([\\w@/-]+:${target})\\b`, "g"))].map(
    (match) => match[1],
  );
  return [...new Set(names as string[])].sort();
}

/** Gives the Greeter a message of another contract. */
function importMoney(workspace: Workspace, kind: WorkspaceKind): void {
  workspace.nx("g wplug:contract money --directory=.");
  workspace.runOk("rm money-contract/proto/*.proto");
  workspace.write("money-contract/src/money.spec.ts", MONEY_SPEC);
  const money = "money-contract/proto/money/v1/money.proto";
  workspace.write(money, MONEY_PROTO);
  workspace.edit(PROTO, (proto) =>
    proto
      .replace("// Greets", 'import "money/v1/money.proto";\n// Greets')
      .replace("string name = 1;", "$& money.v1.Money gift = 2;"),
  );
  const run = workspace.run(`${NX} run greeter-contract:generate`);
  expect(run.exitCode).toBe(1);
  expect(run.output).toContain('add "money-contract" to "imports" in wplug.json');

  workspace.edit("greeter-contract/wplug.json", (config) =>
    config.replace('"proto": "proto"', '"proto": "proto", "imports": ["money-contract"]'),
  );
  workspace.nx("sync");
  if (kind === "ts") workspace.runOk("npm install");
  workspace.nx("run-many -t build typecheck test handshake");
  workspace.runOk(`${TSC} --noEmit -p greeter-plugin/assembly/tsconfig.json`);
  const generated = workspace.read("greeter-contract/src/gen/greeter.pb.ts");
  expect(generated).toMatch(/from "@\w+\/money-contract\/gen\/money\/v1\/money\.pb"/);
  workspace.commit();

  workspace.edit(money, (proto) => proto.replace("int64 cents", "int32 cents"));
  const affected = workspace.nx("show projects --affected --base=HEAD").stdout;
  expect(affected.trim().split("\n")).toEqual(
    expect.arrayContaining(["greeter-contract", "greeter-plugin", "money-contract", "shop"]),
  );
}

/** One user's way through the commands, in a workspace of a kind. */
export function testWorkspace(kind: WorkspaceKind): void {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create(kind);
    workspace.initGit();
  });

  afterAll(() => workspace.remove());

  // The tests depend on those before them.

  it("changes nothing in a dry run", () => {
    const { output } = workspace.nx("g wplug:plugin greeter --directory=. --dry-run");
    expect(output).toContain("CREATE greeter-plugin/assembly/index.ts");
    expect(workspace.runOk("git status --porcelain").stdout).toBe("");
  });

  it("generates a contract and a plugin, with their SDKs, and says what to do next", () => {
    const { output } = workspace.nx("g wplug:plugin greeter --directory=.");
    expect(output).toContain("nx build greeter-plugin");
    expect(output).toContain("nx test greeter-plugin");
    expect(workspace.read(PROTO)).toContain("rpc SayHello(GreetRequest) returns (GreetReply);");
    for (const generated of [
      "src/gen/greeter.pb.ts",
      "src/gen/greeter.host.ts",
      "assembly/gen/greeter.plugin.ts",
    ]) {
      expect(workspace.exists(`greeter-contract/${generated}`)).toBe(true);
    }
    expect(workspace.read("nx.json")).toContain('"wplug"');
    workspace.commit();
  });

  it("leaves no red line in an editor", () => {
    workspace.nx("run-many -t typecheck");
    for (const project of ["greeter-contract", "greeter-plugin"]) {
      workspace.runOk(`${TSC} --noEmit -p ${project}/assembly/tsconfig.json`);
    }
  });

  it("builds a small plugin that imports nothing but WASI", () => {
    workspace.nx("build greeter-plugin");
    const wasm = new Uint8Array(workspace.readBytes(WASM));
    expect(wasm.length).toBeLessThan(16_000);
    expect(importedModules(wasm)).toEqual(["wasi_snapshot_preview1"]);
  });

  it("builds the same bytes again, here and in another folder", () => {
    const first = workspace.readBytes(WASM);
    workspace.nx("build greeter-plugin --skip-nx-cache");
    expect(workspace.readBytes(WASM).equals(first)).toBe(true);

    const copy = `${workspace.root}-somewhere/else`;
    copyWorkspace(workspace.root, copy);
    rmSync(`${copy}/${WASM}`);
    workspace.runOk(`cd ${copy} && ${NX} build greeter-plugin --skip-nx-cache`);
    expect(workspace.runOk(`cmp ${WASM} ${copy}/${WASM}`).output).toBe("");
    rmSync(copy, { recursive: true });
  });

  it("tests the plugin through the generated host SDK", () => {
    expect(workspace.nx("test greeter-plugin").output).toMatch(/Tests:\s+\d+ passed/);
  });

  it("generates a host that prints the plugin's greeting", () => {
    workspace.nx("g wplug:host shop --directory=. --contract=greeter-contract");
    workspace.nx("typecheck shop");
    expect(workspace.nx("serve shop").output).toMatch(/Hello, .+/);
    expect(workspace.nx("test shop").output).toMatch(/Tests:\s+\d+ passed/);
    workspace.commit();
  });

  it("draws host -> contract <- plugin in the project graph", () => {
    workspace.nx("graph --file=tmp-graph.json");
    const { dependencies } = workspace.readJson<Graph>("tmp-graph.json").graph;
    const targets = (project: string) =>
      (dependencies[project] ?? [])
        .map(({ target }) => target)
        .filter((target) => !target.startsWith("npm:"));
    expect(targets("shop")).toEqual(["greeter-contract"]);
    expect(targets("greeter-plugin")).toEqual(["greeter-contract"]);
    expect(targets("greeter-contract")).toEqual([]);
    workspace.runOk("rm tmp-graph.json");
  });

  it("finds that the host and the plugin fit together", () => {
    const { output } = workspace.nx("run-many -t handshake");
    expect(output).toContain("greeter-plugin");
    const report = workspace.read("greeter-plugin/dist/handshake.json");
    expect(JSON.parse(report)).toEqual(expect.anything());
  });

  it("lets a contract import the protos of another one, and follows both", () => {
    workspace.runOk("git checkout -q -b imports");
    try {
      importMoney(workspace, kind);
    } finally {
      workspace.runOk("git add -A && git stash -q --include-untracked; git checkout -q main");
      workspace.runOk("rm -rf money-contract");
    }
  });

  it("generates a contract alone", () => {
    workspace.nx("g wplug:contract billing --directory=.");
    expect(workspace.nx("test billing-contract").output).toMatch(/Tests:\s+\d+ passed/);
    workspace.commit();
  });

  it.each(["affected:test", "affected -t test"])(
    "runs just the tests that an edit affects: nx %s",
    (command) => {
      workspace.withEdit(
        PROTO,
        (proto) => proto.replace("message GreetReply {", `message GreetReply {\n  // ${command}\n`),
        () => {
          const expected = ["greeter-contract:test", "greeter-plugin:test", "shop:test"];
          const first = workspace.nx(command);
          expect(tasksOf(first.output, "test")).toEqual(expected);
          const second = workspace.nx(command);
          expect(tasksOf(second.output, "test")).toEqual(expected);
          expect(second.output).toMatch(/Cache: +(\d+)\/\1 hit/);
        },
      );
    },
  );

  it("keeps everything when a generator runs twice", () => {
    workspace.withEdit(
      INDEX,
      (source) => `${source}\n// mine\n`,
      () => {
        const edited = workspace.read(INDEX);
        workspace.nx("g wplug:plugin greeter --directory=.");
        workspace.nx("g wplug:host shop --directory=. --contract=greeter-contract");
        expect(workspace.read(INDEX)).toBe(edited);
        expect(workspace.runOk("git status --porcelain").stdout.trim()).toBe(`M ${INDEX}`);
      },
    );
  });

  it("takes well-known types from their package", () => {
    workspace.withEdit(
      PROTO,
      (proto) =>
        proto
          .replace('syntax = "proto3";', '$&\nimport "google/protobuf/timestamp.proto";')
          .replace("string name = 1;", "$&\n  google.protobuf.Timestamp at = 2;"),
      () => {
        workspace.nx("run-many -t test typecheck -p greeter-contract,greeter-plugin,shop");
        for (const project of ["greeter-contract", "greeter-plugin"]) {
          workspace.runOk(`${TSC} --noEmit -p ${project}/assembly/tsconfig.json`);
        }
        expect(workspace.nx("serve shop").output).toMatch(/Hello, .+/);
      },
    );
  });

  it("puts a plugin for an existing contract where --directory says", () => {
    workspace.nx("g wplug:plugin polite --contract=greeter-contract --directory=plugins");
    workspace.nx("build polite-plugin");
    expect(workspace.exists("plugins/polite-plugin/dist/polite-plugin.wasm")).toBe(true);
    expect(workspace.exists("plugins/polite-contract")).toBe(false);
    workspace.commit();
  });

  if (kind === "paths") {
    // In the other kind as part of nx-graph.spec.ts. The last one, as it leaves another workspace.
    it("goes on working when projects are moved and removed", () => {
      const move = "g @nx/workspace:move --project";
      workspace.nx(`${move}=greeter-contract --destination=libs/hello-contract`);
      workspace.nx(`${move}=polite-plugin --destination=deep/er/polite-plugin`);
      workspace.nx("g @nx/workspace:remove --projectName=greeter-plugin");
      expect(workspace.nx("sync").output).toContain("synced successfully");
      workspace.nx("run-many -t build test typecheck handshake");
      workspace.runOk(`${TSC} --noEmit -p deep/er/polite-plugin/assembly/tsconfig.json`);
      expect(workspace.read("libs/hello-contract/project.json")).toContain(
        '"wplug:greeter-contract"',
      );
    });
    // Mistakes are found in the same way in both kinds.
    return;
  }

  describe("bad input", () => {
    beforeAll(() => workspace.nx("run-many -t build -p greeter-plugin,shop"));

    const failing = (command: string) => {
      const { exitCode, output } = workspace.run(command);
      expect(exitCode).toBe(1);
      expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
      return output;
    };

    it.each([
      [
        "a syntax error",
        (proto: string) => proto.replace("string name = 1;", "string name = ;"),
        /greeter\.proto:\d+:\d+: unexpected `;`/,
      ],
      [
        "an unknown annotation",
        (proto: string) => proto.replace("type=plugin", "type=foo"),
        /greeter\.proto:\d+:\d+: .*unknown type "foo"/,
      ],
      [
        "a version that is no number",
        (proto: string) => proto.replace("version=1", "version=x"),
        /greeter\.proto:\d+:\d+: .*version must be a whole number, not "x"/,
      ],
      [
        "a streaming rpc",
        (proto: string) => proto.replace("returns (GreetReply)", "returns (stream GreetReply)"),
        /greeter\.proto:\d+:\d+: .*stream/,
      ],
      [
        "a missing import",
        (proto: string) =>
          proto.replace('syntax = "proto3";', 'syntax = "proto3";\nimport "nowhere.proto";'),
        /greeter\.proto:\d+:\d+: .*nowhere\.proto/,
      ],
    ])("names the place of %s and writes nothing", (_name, edit, message) => {
      const generated = "greeter-contract/src/gen/greeter.pb.ts";
      const before = workspace.read(generated);
      workspace.withEdit(PROTO, edit, () => {
        expect(failing(`${NX} run greeter-contract:generate`)).toMatch(message);
        expect(workspace.read(generated)).toBe(before);
      });
    });

    it.each([
      [
        "a method that is missing",
        (source: string) => source.replace(/sayHello\(/, "sayGoodbye("),
        /greeter-plugin\/assembly\/index\.ts:\d+:\d+: .*sayHello/i,
      ],
      [
        "a type error",
        (source: string) => source.replace(/(["'])Hello, \1 \+/, "2 *"),
        /greeter-plugin\/assembly\/index\.ts:\d+:\d+: /,
      ],
    ])("shows the place of %s in the plugin and keeps the last build", (_name, edit, message) => {
      const before = workspace.readBytes(WASM);
      workspace.withEdit(INDEX, edit, () => {
        expect(failing(`${NX} build greeter-plugin`)).toMatch(message);
        expect(workspace.readBytes(WASM).equals(before)).toBe(true);
      });
    });

    it("fails the handshake with a plugin of another version in go-plugin's words", () => {
      workspace.nx("build greeter-plugin");
      workspace.withEdit(
        PROTO,
        (proto) => proto.replace("version=1", "version=2"),
        () => {
          workspace.nx("run greeter-contract:generate");
          const output = failing(`${NX} run greeter-plugin:handshake --excludeTaskDependencies`);
          expect(output).toContain("API version mismatch, host: 2, plugin: 1");
        },
      );
      workspace.nx("run greeter-contract:generate");
    });

    it.each([
      ["no WebAssembly", "this is text", /greeter-plugin\.wasm is not a WebAssembly module/],
      ["no plugin", "\0asm\x01\0\0\0", /is not exported/],
    ])("says so when a file is %s", (_name, content, message) => {
      const before = workspace.readBytes(WASM);
      workspace.write(WASM, content);
      expect(failing(`${NX} handshake greeter-plugin --excludeTaskDependencies`)).toMatch(message);
      expect(failing(`node shop/dist/main.mjs ${WASM}`)).toMatch(message);
      workspace.write(WASM, before);
    });

    it("leaves a broken nx.json, and all else, as it is", () => {
      const before = workspace.runOk("git status --porcelain").stdout;
      workspace.withEdit(
        "nx.json",
        (json) => json.replace("{", "{ oops"),
        () => {
          const output = failing(`${NX} g wplug:plugin lonely`);
          expect(output).toMatch(/nx\.json/);
        },
      );
      expect(workspace.runOk("git status --porcelain").stdout).toBe(before);
    });

    it("names both projects that have one name", () => {
      const config = { name: "greeter-plugin" };
      workspace.write("twin/project.json", JSON.stringify(config));
      const output = failing(`${NX} build greeter-plugin`);
      expect(output).toMatch(/twin/);
      expect(output).toContain("greeter-plugin");
      workspace.runOk("rm -r twin");
    });

    it("says which contract of wplug.json is not there", () => {
      workspace.withEdit(
        "greeter-plugin/wplug.json",
        (json) => json.replace('"greeter-contract"', '"nowhere"'),
        () => {
          const skip = "NX_SKIP_SYNC=true";
          const output = failing(`${skip} ${NX} build greeter-plugin --skipSync`);
          expect(output).toContain("There is no project nowhere in this workspace");
        },
      );
    });

    it("says so where there is no TypeScript", () => {
      workspace.runOk("mv node_modules/typescript node_modules/.typescript");
      try {
        expect(failing(`${NX} build greeter-contract --skip-nx-cache`)).toContain(
          "typescript is not installed: run `npm install -D typescript`.",
        );
      } finally {
        workspace.runOk("mv node_modules/.typescript node_modules/typescript");
      }
    });

    it("keeps what was built when a build is given up by Ctrl+C, and builds it the next time", async () => {
      const before = workspace.readBytes(WASM);
      const source = workspace.read(INDEX);
      workspace.write(INDEX, `${source}\nexport function more(): i32 { return 1; }\n`);
      const { child, output, ended } = workspace.start(`${NX} build greeter-plugin --verbose`);
      await until(() => output().includes("greeter-plugin:build"), output);
      // As the terminal does: to the whole group.
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
      expect((await ended).exitCode).not.toBe(0);
      expect(workspace.readBytes(WASM).equals(before)).toBe(true);
      workspace.write(INDEX, source);
      workspace.nx("build greeter-plugin --skip-nx-cache");
      expect(workspace.runOk("ls -A greeter-plugin/dist").stdout).not.toContain(".tmp");
    });

    it("says so when the contract does not exist", () => {
      expect(failing(`${NX} g wplug:plugin lonely --contract=nowhere-contract`)).toContain(
        "nowhere-contract",
      );
      expect(workspace.exists("lonely-plugin")).toBe(false);
    });
  });
}
