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

  it("does without a scheduler what the documentation says", () => {
    // What a name makes the plugin do, and the answer or the error.
    const cases: readonly (readonly [name: string, code: string, expected: string])[] = [
      ["sleep", "time.Sleep(time.Millisecond)\nreply = name", "sleep"],
      ["room", "c := make(chan string, 1)\nc <- name\nselect {\ncase reply = <-c:\n}", "room"],
      ["json", "b, _ := json.Marshal(map[string]int{name: 1})\nreply = string(b)", '{"json":1}'],
      ["wait", "<-make(chan int)", "panic: runtime error: scheduler is disabled"],
      [
        "lock",
        "var m sync.Mutex\nm.Lock()\nm.Lock()",
        "panic: runtime error: scheduler is disabled",
      ],
      ["timer", "<-time.After(1)", "panic: runtime error: timers not supported"],
      ["panic", 'panic(fmt.Errorf("no %s", name))', "panic: no panic"],
      ["recover", "defer func() { recover() }()\npanic(name)", "panic: recover"],
      ["map", "var m map[string]int\nm[name] = 1", "assignment to entry in nil map"],
    ];
    const branches = cases.map(([name, code]) => `case "${name}":\n${code}`).join("\n");
    const spec = `
      import { GreeterPlugin } from '@acme/greeter-contract/host';
      import { builtPlugin } from 'wplug/testing';
      it.each(${JSON.stringify(cases.map(([name, , expected]) => [name, expected]))})('%s', async (name, expected) => {
        const plugin = await GreeterPlugin.load(builtPlugin(__dirname).wasm);
        const answer = await plugin.sayHello({ name }).then(({ message }) => message, String);
        expect(answer).toContain(expected);
      });`;
    workspace.withEdit(
      "greeter-plugin/main.go",
      (source) =>
        source
          .replace('"context"\n', '"context"\n"encoding/json"\n"fmt"\n"sync"\n"time"\n')
          .replace(
            /\treturn &(.*)\{Message: .*\n/,
            (_, reply: string) =>
              `name, reply := request.GetName(), ""\nswitch name {\n${branches}\n}\nreturn &${reply}{Message: reply}, nil\n`,
          ),
      () =>
        workspace.withEdit(
          "greeter-plugin/test/greeter.spec.ts",
          () => spec,
          () => workspace.nx("test greeter-plugin"),
        ),
    );
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
