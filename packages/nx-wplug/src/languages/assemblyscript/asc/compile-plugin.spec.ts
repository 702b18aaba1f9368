import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { TestInstance } from "../../../testing/test-instance";
import { type WasmModule, WebAssembly } from "../../../wasm/web-assembly";
import { greeterContract } from "../testing/contracts";
import { PluginWorkspace } from "../testing/plugin-workspace";
import type { CompileResult } from "./compile-plugin";
import { formatDiagnostic } from "./diagnostic";

const IMPORT =
  'import { Greeter, GreetReply, GreetRequest, registerGreeter } from "@test/contract/assembly";\n';

jest.setTimeout(60_000);

describe("a plugin without mistakes", () => {
  const workspace = new PluginWorkspace(greeterContract()).use("greeter.ts");
  let result: CompileResult;
  let bytes: Uint8Array;
  let module: WasmModule;

  beforeAll(async () => {
    result = await workspace.compile();
    bytes = workspace.module();
    module = new WebAssembly.Module(bytes);
  });

  afterAll(() => workspace.dispose());

  it("is compiled without a word", () => {
    expect(result).toEqual({ ok: true, size: bytes.length, diagnostics: [] });
  });

  it("is smaller than 12,000 bytes", () => {
    expect(bytes.length).toBeLessThan(12_000);
  });

  it("imports nothing that is not WASI", () => {
    const imports = WebAssembly.Module.imports(module);
    expect(imports).toEqual([
      { module: "wasi_snapshot_preview1", name: "fd_write", kind: "function" },
    ]);
  });

  it("exports the ABI and nothing of the author's", () => {
    const exports = WebAssembly.Module.exports(module);
    expect(exports.map(({ name }) => name).sort()).toEqual([
      "_initialize",
      "free",
      "greeter_api_version",
      "greeter_say_hello",
      "malloc",
      "memory",
      "wplug_panic",
    ]);
  });

  it("says in its section wplug what it is", () => {
    const sections = WebAssembly.Module.customSections(module, "wplug");
    expect(sections.map((section) => Buffer.from(section).toString())).toEqual([
      '{"contract":"test"}',
    ]);
  });

  it("greets", () => {
    const instance = new TestInstance(module);
    const answer = instance.call("greeter_say_hello", Buffer.from("\n\x05wplug"));
    expect(answer).toEqual({ bytes: new Uint8Array(Buffer.from("\n\x0cHello, wplug")) });
  });

  it("has the same bytes when it is compiled again in another folder", async () => {
    const elsewhere = new PluginWorkspace(greeterContract()).use("greeter.ts");
    // What asc would read if nobody stopped it.
    elsewhere.write("plugins/greeter/asconfig.json", '{ "entries": ["nope.ts"] }');
    await elsewhere.compile();
    expect(Buffer.compare(elsewhere.module(), bytes)).toBe(0);
    expect(Buffer.from(bytes).includes(elsewhere.root)).toBe(false);
    elsewhere.dispose();
  });
});

describe("a plugin with mistakes", () => {
  const workspace = new PluginWorkspace(greeterContract());

  afterAll(() => workspace.dispose());

  async function problems(source: string, contractEntry?: string): Promise<string> {
    workspace.write("plugins/greeter/assembly/index.ts", source);
    const result = await workspace.compile(contractEntry);
    expect(result.ok).toBe(false);
    return result.diagnostics.map(formatDiagnostic).join("\n");
  }

  it("is told which method its class lacks, and where the class is", async () => {
    const text = await problems(
      `${IMPORT}class English implements Greeter {}\nregisterGreeter(new English());\n`,
    );
    expect(text).toBe(
      "plugins/greeter/assembly/index.ts:2:7: error TS2515: Non-abstract class 'English' does not " +
        "implement inherited abstract member 'sayHello' from 'Greeter'.\n" +
        "  class English implements Greeter {}\n" +
        "        ^^^^^^^",
    );
  });

  it("is told all its type errors at once, each with its line", async () => {
    const text = await problems(
      `${IMPORT}class English implements Greeter {\n` +
        "\tsayHello(request: GreetRequest): GreetReply {\n" +
        '\t\tconst é: i32 = "1"; return nope;\n' +
        "\t}\n}\nregisterGreeter(new English());\n",
    );
    expect(text).toBe(
      "plugins/greeter/assembly/index.ts:4:18: error TS2322: Type 'String' is not assignable to type 'i32'.\n" +
        '  \t\tconst é: i32 = "1"; return nope;\n' +
        "  \t\t               ^^^\n" +
        "plugins/greeter/assembly/index.ts:4:30: error TS2304: Cannot find name 'nope'.\n" +
        '  \t\tconst é: i32 = "1"; return nope;\n' +
        "  \t\t                           ^^^^",
    );
  });

  it("is told of a file that it imports and that is not there", async () => {
    expect(await problems('import { a } from "./nope";\n')).toBe(
      "plugins/greeter/assembly/index.ts:1:19: error TS6054: File 'assembly/nope.ts' not found.\n" +
        '  import { a } from "./nope";\n' +
        "                    ^^^^^^^^",
    );
  });

  it("is told to generate the contract's code when it is not there", async () => {
    expect(await problems("", "@test/contract/assembly/gen/nope")).toBe(
      "error: @test/contract/assembly/gen/nope does not exist: generate the contract's code first",
    );
  });

  it("is told that a setter in an object literal does not compile, which asc would get wrong", async () => {
    const text = await problems(
      "class A { id: string = ''; private t: string = ''; get text(): string { return this.t; } }\n" +
        'export function f(): A { return { id: "1", text: "2" }; }\nf();\n',
    );
    expect(text).toContain("index.ts:2:44: error TS2540");
  });

  it("writes no module", () => {
    expect(existsSync(workspace.outFile)).toBe(false);
  });

  it("keeps the last good module as it was", async () => {
    await workspace.use("greeter.ts").compile();
    const before = workspace.module();
    await problems("nope;");
    expect(Buffer.compare(workspace.module(), before)).toBe(0);
    expect(readdirSync(dirname(workspace.outFile))).toEqual(["plugin.wasm"]);
  });
});

it("says which file is missing when the plugin has no source", async () => {
  const workspace = new PluginWorkspace(greeterContract());
  const result = await workspace.compile();
  expect(result.diagnostics.map(formatDiagnostic)).toEqual([
    `error: ${join("plugins/greeter/assembly/index.ts")} does not exist: it is where the plugin's source begins`,
  ]);
  workspace.dispose();
});
