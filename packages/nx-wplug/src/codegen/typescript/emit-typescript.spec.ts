import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  createFileRegistry,
  fromBinary,
  toBinary,
  type DescMessage,
  type FileRegistry,
} from "@bufbuild/protobuf";
import type { Message, MessageType } from "@wplug/runtime";
import ts from "typescript";

import { compileInline, contractOf, type Protos } from "../../testing/compile-inline";
import { everythingProtos } from "../../testing/everything-proto";
import { loadGenerated } from "../../testing/load-generated";
import { Random } from "../../testing/random";
import { randomMessage } from "../../testing/random-message";
import type { GeneratedFile } from "../generated-file";
import { emitTypeScript } from "./emit-typescript";

jest.setTimeout(60_000);

type Class = MessageType<Message> & {
  decode(bytes: Uint8Array): Message & { encode(): Uint8Array };
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function fileOf(protos: Protos, path: string): string {
  const file = emitTypeScript(contractOf(protos)).find((generated) => generated.path === path);
  if (file === undefined) throw new Error(`${path} is not generated`);
  return file.content;
}

/** What tsc says about generated files, under the settings that users may have. */
function typeErrors(
  files: readonly GeneratedFile[],
  moreOptions: ts.CompilerOptions = {},
): string[] {
  const packageRoot = join(__dirname, "../../..");
  mkdirSync(join(packageRoot, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(packageRoot, "tmp/types-"));
  try {
    const paths = files.map(({ path, content }) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const program = ts.createProgram(paths, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      types: [],
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noImplicitOverride: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      ...moreOptions,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("messages with every kind of field", () => {
  let registry: FileRegistry;
  let classes: Record<string, Class>;
  let desc: DescMessage;

  beforeAll(async () => {
    registry = createFileRegistry(compileInline(everythingProtos));
    classes = await loadGenerated(emitTypeScript(contractOf(everythingProtos)));
    desc = registry.getMessage("test.v1.Everything") as DescMessage;
  });

  it("pass the type check", () => {
    expect(typeErrors(emitTypeScript(contractOf(everythingProtos)))).toEqual([]);
  });

  it("encode what the reference implementation encodes", () => {
    const Everything = classes["Everything"] as Class;
    for (let seed = 1; seed <= 500; seed++) {
      const bytes = toBinary(desc, randomMessage(desc, new Random(seed)));
      const message = Everything.decode(bytes);
      expect({ seed, hex: hex(message.encode()) }).toEqual({ seed, hex: hex(bytes) });
      // The constructor copies every kind of field.
      expect({ seed, hex: hex(new Everything(message).encode()) }).toEqual({
        seed,
        hex: hex(bytes),
      });
    }
  });

  it("decode what another writer may write: other order, repeated, unknown fields", () => {
    const Everything = classes["Everything"] as Class;
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const parts = Array.from({ length: 3 }, () => toBinary(desc, randomMessage(desc, random)));
      // Concatenated messages are merged. Field 536870910 is unknown.
      const bytes = Buffer.concat([...parts, Buffer.from("f0ffffff0f2a", "hex")]);
      const expected = toBinary(desc, fromBinary(desc, bytes));
      // protobuf-es sorts map keys that look like numbers, so its word on the order of entries does not count.
      const actual = toBinary(desc, fromBinary(desc, Everything.decode(bytes).encode()));
      expect({ seed, hex: hex(actual) }).toEqual({ seed, hex: hex(expected) });
    }
  });
});

describe("generated files", () => {
  it("keep to names that TypeScript and its library leave free", () => {
    const files = emitTypeScript(
      contractOf({
        "a.proto": `syntax = "proto3";
          package a;
          enum Map { MAP_NAN = 0; MAP_CLASS = 1; MAP_CONSTRUCTOR = 2; }
          enum Promise { NONE = 0; }
          message Uint8Array { bytes bytes = 1; Map map = 2; map<int32, Map> maps = 3; }
          message Reader { string constructor = 1; int32 encode = 2; bool prototype = 3; Writer writer = 4; }
          message Writer { int32 name = 1; int32 length = 2; oneof decode { int32 then = 3; Reader reader = 4; } }
          message MessageInit { Promise promise = 1; repeated Object objects = 2; }
          message Object { message Symbol { int64 BigInt = 1; } Symbol symbol = 1; }
          message default { int32 delete = 1; int32 _private = 2; int32 __proto__ = 3; }
          message PluginClient {}
          message LoadOptions {}
          message ServiceDescriptor {}
          // go:plugin type=plugin version=1
          service Greeter {
            rpc Constructor(Reader) returns (Writer);
            rpc Dispose(MessageInit) returns (PluginClient);
            rpc then(LoadOptions) returns (ServiceDescriptor);
            rpc Class(Uint8Array) returns (default);
          }`,
      }),
    );
    expect(typeErrors(files)).toEqual([]);
  });

  it("compile where a workspace emits CommonJS, without verbatimModuleSyntax", () => {
    const files = emitTypeScript(contractOf(everythingProtos));
    expect(
      typeErrors(files, {
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        verbatimModuleSyntax: false,
        exactOptionalPropertyTypes: false,
        noUncheckedIndexedAccess: false,
      }),
    ).toEqual([]);
  });

  it("carry the comments of the proto, made safe", () => {
    const content = fileOf(
      {
        "a.proto": `syntax = "proto3";
          // First line.
          //
          // Not the end: */ console.log("gotcha")
          message M {
            // Of a field.
            int32 a = 1 [deprecated = true]; // Behind it.
          }`,
      },
      "a.pb.ts",
    );
    expect(content).toContain(
      '/**\n * First line.\n *\n * Not the end: *\\/ console.log("gotcha")\n */',
    );
    expect(content).toContain("Of a field.");
    expect(content).toContain("@deprecated");
  });

  it("import from other files by relative paths, also across folders", () => {
    const files = emitTypeScript(
      contractOf({
        "shop/v1/order.proto":
          'syntax = "proto3"; package shop.v1; import "common/money.proto"; message Order { common.Money total = 1; }',
        "common/money.proto":
          'syntax = "proto3"; package common; message Money { int64 cents = 1; }',
      }),
    );
    expect(files.map(({ path }) => path).sort()).toEqual([
      "common/money.pb.ts",
      "host.ts",
      "index.ts",
      "shop/v1/order.pb.ts",
    ]);
    expect(typeErrors(files)).toEqual([]);
  });

  it("say how a name that two files declare is imported", () => {
    const protos = {
      "a.proto": 'syntax = "proto3"; package a; message Same {} message A {}',
      "b.proto": 'syntax = "proto3"; package b; message Same {}',
    };
    expect(fileOf(protos, "index.ts")).toContain(
      "// Same is declared more than once: import it from ./a.pb.js or ./b.pb.js.",
    );
    expect(typeErrors(emitTypeScript(contractOf(protos)))).toEqual([]);
  });

  it("are the same bytes each time", () => {
    const contract = contractOf(everythingProtos);
    expect(emitTypeScript(contract)).toEqual(emitTypeScript(contract));
  });
});
