import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runOk } from "./run.js";
import { Verdaccio } from "./verdaccio.js";
import { TSC, Workspace } from "./workspace.js";

const HOST = `import { GreeterPlugin } from "@acme/greeter-contract/host";
import { GreetRequest } from "@acme/greeter-contract";
import { wasm } from "@acme/greeter-plugin";

const plugin = await GreeterPlugin.load(wasm);
const reply = await plugin.sayHello(new GreetRequest({ name: "registry" }));
console.log(reply.message);
await plugin.dispose();
`;

/** From a workspace over a registry to repositories that know nothing of it. */
describe("publishing", () => {
  let registry: Verdaccio;
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = Workspace.create("ts");
    registry = await Verdaccio.start();
    workspace.write(".npmrc", registry.npmrc);
  });

  afterAll(async () => {
    workspace.remove();
    await registry.stop();
  });

  const nx = (command: string) => workspace.nx(command, registry.env);
  const npm = (command: string) => workspace.runOk(`npm ${command}`, registry.env);

  /** What `npm pack` would put into a package. */
  const packed = (project: string): string[] => {
    const { stdout } = npm(`pack --dry-run --json ./packages/${project}`);
    const [{ files }] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as [
      { files: { path: string }[] },
    ];
    return files.map(({ path }) => path);
  };

  // The tests depend on those before them.

  it("goes on with sources in the workspace itself", () => {
    nx("g wplug:plugin greeter --publishable");
    nx("g wplug:host shop --contract=greeter-contract");
    nx("run-many -t test typecheck handshake");
    expect(nx("serve shop").output).toContain("Hello, shop");
    expect(workspace.exists("packages/greeter-contract/dist/index.js")).toBe(false);
    expect(nx("sync:check").exitCode).toBe(0);
    workspace.initGit();
  });

  it("packs of a plugin its wasm, and of a contract what hosts and plugins need", () => {
    expect(packed("greeter-plugin").sort()).toEqual([
      "README.md",
      "dist/greeter-plugin.wasm",
      "index.d.ts",
      "index.js",
      "package.json",
    ]);
    const contract = packed("greeter-contract");
    expect(contract).toEqual(
      expect.arrayContaining([
        "README.md",
        "assembly/gen/greeter.plugin.ts",
        "assembly/index.ts",
        "dist/gen/greeter.host.d.ts",
        "dist/gen/greeter.host.js",
        "dist/host.js",
        "proto/greeter.proto",
        "wplug.json",
      ]),
    );
    expect(contract.filter((path) => /spec|src\/|handshake|out-tsc|tsconfig/.test(path))).toEqual(
      [],
    );
  });

  it("releases nothing in a dry run", () => {
    const { output } = nx("release 1.0.0 --first-release --yes --dry-run");
    expect(output).toContain("greeter-contract");
    expect(registry.has("@acme/greeter-contract", "1.0.0")).toBe(false);
    expect(workspace.runOk("git status --porcelain").stdout).toBe("");
  });

  it("releases versions with a changelog, and publishes them", () => {
    nx("release 1.0.0 --first-release --yes");
    expect(workspace.read("CHANGELOG.md")).toContain("1.0.0");
    expect(workspace.runOk("git tag").stdout).toContain("1.0.0");
    expect(registry.has("@acme/greeter-contract", "1.0.0")).toBe(true);
    expect(registry.has("@acme/greeter-plugin", "1.0.0")).toBe(true);
  });

  it("gives a host without Nx all that it needs, with types", () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-")));
    try {
      runOk("npm init -y && npm pkg set type=module", folder);
      const packages = "@acme/greeter-contract @acme/greeter-plugin typescript@6 @types/node@20";
      runOk(`npm install --no-audit --no-fund ${packages}`, folder, registry.env);
      writeFileSync(join(folder, "host.ts"), HOST);
      const compile = "--module nodenext --target es2022 --strict --types node";
      runOk(`${TSC} ${compile} host.ts`, folder);
      expect(runOk("node host.js", folder).output).toBe("Hello, registry\n");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("lets the author of a plugin elsewhere build it against the contract's package", () => {
    const elsewhere = Workspace.create("ts");
    try {
      elsewhere.runOk("npm install -D @acme/greeter-contract", registry.env);
      elsewhere.nx("g wplug:plugin polite --contract=@acme/greeter-contract", registry.env);
      elsewhere.nx("run-many -t build test typecheck handshake");
      elsewhere.nx("sync:check");
      elsewhere.runOk(`${TSC} --noEmit -p packages/polite-plugin/assembly/tsconfig.json`);
      expect(elsewhere.exists("packages/polite-plugin/dist/polite-plugin.wasm")).toBe(true);
      expect(elsewhere.exists("packages/polite-contract")).toBe(false);
    } finally {
      elsewhere.remove();
    }
  });
});
