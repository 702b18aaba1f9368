import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import type { GeneratedFile } from "../generated/generated-file";
import { emitSdk as emitTypeScriptSdk } from "../languages/typescript/emit-sdk";
import { contractOf } from "../testing/compile-inline";
import { emitHostSdk } from "./emit-host-sdk";

const CONTRACT = contractOf({
  "greeter.proto": `syntax = "proto3";
package greeter.v1;

// Greets people.
// go:plugin type=plugin version=1
service Greeter {
  // Answers with a greeting.
  rpc SayHello(Request) returns (Reply);
}

// What the host does for greeters.
// go:plugin type=host
service Host {
  // Keeps a line.
  rpc Log(Request) returns (Reply);
}

// Whom to greet.
message Request {
  // As it shall appear.
  string name = 1;
  int32 age = 2; // In years.
  // How to reach them.
  oneof contact {
    // With an @ in it.
    string mail = 3;
    // By street.
    Place place = 4;
  }
  // Where somebody lives.
  message Place {
    // Of the street.
    int32 number = 1;
  }
  // By their names.
  map<string, Place> homes = 5;
  // Which way.
  Tone tone = 6;
}

// The greeting.
message Reply {
  // One line of text.
  string message = 1;
}

// How it sounds.
enum Tone {
  // Nobody said.
  TONE_UNSPECIFIED = 0;
  // With a hat.
  TONE_POLITE = 1;
}
`,
});

/** A file of somebody who uses generated code, as their editor has it open. */
class Editor {
  private readonly folder: string;
  private readonly main: string;
  private readonly service: ts.LanguageService;

  constructor(
    files: readonly GeneratedFile[],
    private readonly code: string,
  ) {
    const packageRoot = join(__dirname, "../..");
    mkdirSync(join(packageRoot, "tmp"), { recursive: true });
    this.folder = mkdtempSync(join(packageRoot, "tmp/editor-"));
    this.main = join(this.folder, "main.ts");
    for (const { path, content } of files) writeFileSync(join(this.folder, path), content);
    writeFileSync(this.main, code);
    writeFileSync(join(this.folder, "package.json"), '{ "type": "module" }');
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      types: [],
      strict: true,
      skipLibCheck: true,
    };
    this.service = ts.createLanguageService({
      ...ts.sys,
      useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
      getCompilationSettings: () => options,
      getScriptFileNames: () => [this.main],
      getScriptVersion: () => "1",
      getScriptSnapshot: (path) => {
        const text = ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getDefaultLibFileName: (it) => ts.getDefaultLibFilePath(it),
      getCurrentDirectory: () => this.folder,
    });
  }

  /** What is wrong with the file. */
  problems(): string[] {
    return this.service
      .getSemanticDiagnostics(this.main)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  }

  /** The comment that is shown where the pointer is over the last name of a piece of the code. */
  hover(piece: string): string {
    const info = this.service.getQuickInfoAtPosition(this.main, this.positionOf(piece));
    return ts.displayPartsToString(info?.documentation);
  }

  /** What stands where the editor goes from the last name of a piece: the comment above it, and the file. */
  definition(piece: string): { file: string; comment: string } {
    const [found] = this.service.getDefinitionAtPosition(this.main, this.positionOf(piece)) ?? [];
    if (found?.contextSpan === undefined) throw new Error(`"${piece}" leads nowhere`);
    const text = ts.sys.readFile(found.fileName) ?? "";
    const comment = /\/\*\* ((?:(?!\*\/).)*) \*\/\s*$/.exec(text.slice(0, found.contextSpan.start));
    return { file: found.fileName.slice(this.folder.length + 1), comment: comment?.[1] ?? "" };
  }

  close(): void {
    this.service.dispose();
    rmSync(this.folder, { recursive: true });
  }

  private positionOf(piece: string): number {
    const start = this.code.indexOf(piece);
    if (start < 0) throw new Error(`the code has no "${piece}"`);
    return start + piece.search(/\w+\W*$/);
  }
}

describe("an editor with code of a host", () => {
  let editor: Editor;
  beforeAll(() => {
    editor = new Editor(
      emitHostSdk(CONTRACT),
      `import { GreeterPlugin, type Host } from "./host.js";
import { Request, Request_Place, Tone } from "./index.js";

const host: Host = { log: (line) => ({ message: line.name }) };
const greeter = await GreeterPlugin.load("a.wasm", { host });
const reply = await greeter.sayHello({ name: "ada", tone: Tone.POLITE, age: 1 });
const homes = new Map([["a", new Request_Place()]]);
greeter.sync.sayHello({ contact: { case: "mail", value: "a@b" }, homes });
const request = new Request({ contact: { case: "place", value: { number: 1 } } });
console.log(reply.message, request.contact);
declare const console: { log(...all: unknown[]): void };
`,
    );
  });
  afterAll(() => editor.close());

  it("has no problem with it", () => expect(editor.problems()).toEqual([]));

  it.each([
    ["a call", "await greeter.sayHello", "Answers with a greeting."],
    ["a call without a promise", "greeter.sync.sayHello", "Answers with a greeting."],
    ["a field that is given", "sayHello({ name", "As it shall appear."],
    ["a field with its comment behind it", "POLITE, age", "In years."],
    ["a field that is read", "console.log(reply.message", "One line of text."],
    ["a field of a message in a oneof", "value: { number", "Of the street."],
    ["a map", '"a@b" }, homes', "By their names."],
    ["a oneof that is given", "sayHello({ contact", "How to reach them."],
    ["a oneof that is read", "request.contact", "How to reach them."],
    ["an enum", "tone: Tone", "How it sounds."],
    ["a value of an enum", "Tone.POLITE", "With a hat."],
    ["a message", "request = new Request", "Whom to greet."],
    ["a message in another", "new Request_Place", "Where somebody lives."],
    ["functions of the host", "host: Host", "What the host does for greeters."],
    ["a function of the host", "{ log", "Keeps a line."],
    ["a plugin", "await GreeterPlugin", "Greets people."],
  ])("shows the proto's comment of %s", (_, piece, comment) => {
    expect(editor.hover(piece)).toContain(comment);
  });

  it.each([
    ["a call", "await greeter.sayHello", "greeter.host.ts", "Answers with a greeting."],
    ["a field", "sayHello({ name", "greeter.pb.ts", "As it shall appear."],
    ["a value of an enum", "Tone.POLITE", "greeter.pb.ts", "With a hat."],
  ])("goes from %s to the comment in generated code", (_, piece, file, comment) => {
    expect(editor.definition(piece)).toEqual({ file, comment });
  });
});

describe("an editor with code of a plugin in TypeScript", () => {
  let editor: Editor;
  beforeAll(() => {
    editor = new Editor(
      [...emitHostSdk(CONTRACT), ...emitTypeScriptSdk(CONTRACT)],
      `import { Host, registerGreeter, Reply, Request, Tone, type Greeter } from "./plugin.js";

class Polite implements Greeter {
  sayHello(request: Request): Reply {
    new Host().log({ name: request.name });
    return new Reply({ message: request.tone === Tone.POLITE ? "Good day" : "Hi" });
  }
}
registerGreeter(new Polite());
`,
    );
  });
  afterAll(() => editor.close());

  it("has no problem with it", () => expect(editor.problems()).toEqual([]));

  it.each([
    ["the service", "implements Greeter", "Greets people."],
    ["an rpc where it is implemented", "  sayHello", "Answers with a greeting."],
    ["functions of the host", "new Host", "What the host does for greeters."],
    ["a function of the host", "new Host().log", "Keeps a line."],
    ["a field that is read", "request.name", "As it shall appear."],
    ["a field that is given", "new Reply({ message", "One line of text."],
    ["a value of an enum", "Tone.POLITE", "With a hat."],
  ])("shows the proto's comment of %s", (_, piece, comment) => {
    expect(editor.hover(piece)).toContain(comment);
  });
});
