import { spawnSync } from "node:child_process";

import { expectGreeting, withFieldMask } from "./language-plugin.js";
import { Workspace } from "./workspace.js";

const hasTinyGo = spawnSync("tinygo", ["version"]).status === 0;

if (!hasTinyGo) {
  it("plugins of TinyGo: not run, no tinygo on the PATH", () => {
    expect(hasTinyGo).toBe(false);
  });
}

(hasTinyGo ? describe : () => {})("a plugin of TinyGo", () => {
  const WASM = "greeter-plugin/dist/greeter-plugin.wasm";
  const workspaces: Workspace[] = [];

  const create = () => {
    const workspace = Workspace.create("ts");
    workspaces.push(workspace);
    workspace.nx("g wplug:plugin greeter --directory=. --language=tinygo");
    return workspace;
  };
  let workspace: Workspace;

  beforeAll(() => {
    workspace = create();
    workspace.nx("g wplug:host shop --directory=. --contract=greeter");
  });

  afterAll(() => workspaces.forEach((it) => it.remove()));

  it("is built, tested and brought together with a host of TypeScript", () => {
    expectGreeting(workspace);
    const wasm = workspace.readBytes(WASM);
    expect(wasm.length).toBeLessThan(150_000);
    expect(wasm.toString()).toContain('"language":"tinygo"');
  });

  it("has the same bytes in another folder", () => {
    const other = create();
    other.nx("build greeter-plugin");
    workspace.nx("build greeter-plugin --skip-nx-cache");
    expect(other.readBytes(WASM).equals(workspace.readBytes(WASM))).toBe(true);
  });

  it("may use a well-known type that go-plugin lacks", () => {
    withFieldMask(workspace, () => {
      workspace.nx("run-many -t test handshake");
      expect(workspace.readBytes(WASM).length).toBeLessThan(150_000);
    });
  });

  it("says at which line a goroutine is", () => {
    workspace.withEdit(
      "greeter-plugin/main.go",
      (source) => source.replace("\treturn &", "\tgo func() {}()\n\treturn &"),
      () => {
        const { exitCode, output } = workspace.run(
          "node_modules/.bin/nx build greeter-plugin --outputStyle=static",
        );
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/greeter-plugin\/main\.go:\d+:\d+: attempted to start a goroutine/);
      },
    );
  });
});
