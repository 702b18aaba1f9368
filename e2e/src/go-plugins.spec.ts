import { spawnSync } from "node:child_process";

import { expectFailure, expectFit, expectGreeting, withFieldMask } from "./language-plugin.js";
import { NX, Workspace } from "./workspace.js";

const hasGo = spawnSync("go", ["version"]).status === 0;
const MAIN = "greeter-plugin/main.go";
const PROTO = "greeter-contract/proto/greeter.proto";

if (!hasGo) {
  it("plugins in Go: not run, no Go toolchain", () => {
    expect(hasGo).toBe(false);
  });
}

(hasGo ? describe : () => {})("a plugin in Go", () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    workspace.nx("g wplug:plugin greeter --directory=. --language=go");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
  });

  afterAll(() => workspace.remove());

  const withoutGo = () => {
    const folders = (process.env["PATH"] ?? "").split(":");
    const isGo = (folder: string) => spawnSync(`${folder}/go`, ["version"]).status === 0;
    return { PATH: folders.filter((folder) => !isGo(folder)).join(":") };
  };

  it("is built, tested and brought together with a host of TypeScript", () => {
    expectGreeting(workspace);
    // The section of wplug is there as in other plugins.
    expectFit(workspace);
    expect(workspace.readBytes("greeter-plugin/dist/greeter-plugin.wasm").toString()).toContain(
      '"typeName":"greeter.v1.Greeter"',
    );
  });

  it("leaves nothing for go mod tidy, gofmt and go vet to do", () => {
    const mod = workspace.read("greeter-plugin/go.mod");
    const sum = workspace.read("greeter-plugin/go.sum");
    const { output } = workspace.runOk(
      "cd greeter-plugin && go mod tidy && gofmt -l . && GOOS=wasip1 GOARCH=wasm go vet ./...",
    );
    expect(output.trim()).toBe("");
    expect(workspace.read("greeter-plugin/go.mod")).toBe(mod);
    expect(workspace.read("greeter-plugin/go.sum")).toBe(sum);
  });

  it("is built again for its own sources, and not for others", () => {
    const build = () => workspace.nx("build greeter-plugin --outputStyle=static").output;
    const cached = /greeter-plugin:build\s+\[(local cache|existing outputs)/;
    workspace.write("greeter-plugin/README.md", "# Changed\n");
    workspace.edit("greeter-plugin/test/greeter.spec.ts", (source) => `${source}// Changed\n`);
    expect(build()).toMatch(cached);
    const before = workspace.readBytes("greeter-plugin/dist/greeter-plugin.wasm");
    expect(workspace.nx("build greeter-plugin --skip-nx-cache").output).toContain("bytes");
    expect(workspace.readBytes("greeter-plugin/dist/greeter-plugin.wasm").equals(before)).toBe(
      true,
    );
    workspace.withEdit(
      MAIN,
      (source) => source.replace("Hello, ", "Good day, "),
      () => expect(build()).not.toMatch(cached),
    );
  });

  it("says at which line a mistake is, and what to install where there is no Go", () => {
    workspace.withEdit(
      MAIN,
      (source) => source.replace("GetName", "GetNothing"),
      () =>
        expectFailure(
          workspace.run(`${NX} build greeter-plugin`),
          /greeter-plugin\/main\.go:22:\d+: request\.GetNothing undefined/,
        ),
    );
    const { output } = workspace.run(`${NX} build greeter-plugin --skip-nx-cache`, withoutGo());
    expect(output).toContain(
      'There is no "go" on the PATH, which plugins with "language": "go" need: install Go 1.24 or newer from https://go.dev/dl/.',
    );
  });

  it("may use a well-known type that go-plugin lacks", () => {
    withFieldMask(workspace, () => workspace.nx("run-many -t test handshake"));
  });

  it("names what go-plugin can't take of a contract, to those who change it", () => {
    const message =
      /greeter-contract\/proto\/greeter\.proto:16:3: greeter-plugin is in Go, and a field can't be called sizeVT there: rename it, or write the plugin in AssemblyScript/;
    workspace.withEdit(
      PROTO,
      (proto) => proto.replace("string name = 1;", "string name = 1;\n  string sizeVT = 2;"),
      () => {
        expect(workspace.nx("run greeter-contract:generate").output).toMatch(message);
        expectFailure(workspace.run(`${NX} build greeter-plugin`), message);
      },
    );
  });
});
