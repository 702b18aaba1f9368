import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  create,
  createFileRegistry,
  createRegistry,
  fromBinary,
  toBinary,
  toJson,
  type DescMessage,
} from "@bufbuild/protobuf";
import { anyPack, DurationSchema, timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { JsonValue, Message } from "@wplug/runtime";

import { WELL_KNOWN_PROTOS } from "../contract/well-known-protos";
import type { GeneratedFile } from "../generated/generated-file";
import { emitHostSdk } from "../host-sdk";
import { emitSdk } from "../languages/assemblyscript/emit-sdk";
import { emitSdk as emitTypeScriptSdk } from "../languages/typescript/emit-sdk";
import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { compileInline, contractOf, type Protos } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";
import { TestInstance } from "../testing/test-instance";
import { typeErrors } from "../testing/type-errors";
import { WebAssembly } from "../wasm/web-assembly";

jest.setTimeout(60_000);

const PACKAGE = join(__dirname, "../../../well-known-types");

const protos: Protos = {
  "event.proto": `
    syntax = "proto3";
    package test;
    import "google/protobuf/any.proto";
    import "google/protobuf/duration.proto";
    import "google/protobuf/field_mask.proto";
    import "google/protobuf/struct.proto";
    import public "google/protobuf/timestamp.proto";
    import "google/protobuf/type.proto";
    import "google/protobuf/wrappers.proto";
    message Event {
      google.protobuf.Timestamp at = 1;
      repeated google.protobuf.Duration laps = 2;
      map<string, google.protobuf.Value> values = 3;
      google.protobuf.Struct extra = 4;
      google.protobuf.Int64Value big = 5;
      google.protobuf.FieldMask mask = 6;
      oneof payload { google.protobuf.Any any = 7; google.protobuf.NullValue nothing = 8; }
      google.protobuf.Field.Kind kind = 9;
    }
    // go:plugin type=plugin version=1
    service Echoes { rpc Echo(Event) returns (Event); }`,
};

describe("the package of well-known types", () => {
  it("is what the generator makes of Google's protos", () => {
    const include = join(dirname(require.resolve("protoc/package.json")), "include");
    const contract = contractOf(
      Object.fromEntries(
        WELL_KNOWN_PROTOS.map((path) => [path, readFileSync(join(include, path), "utf8")]),
      ),
    );
    // If this fails: npm run well-known-types
    const expectWritten = (folder: string, files: readonly GeneratedFile[]) => {
      for (const { path, content } of files) {
        // The order of the files in the index is that of the compiler, which differs between ways to call it.
        if (path === "index.ts" || path === "host.ts") continue;
        expect(readFileSync(join(PACKAGE, folder, path), "utf8")).toBe(content);
      }
    };
    expectWritten("src/gen", emitHostSdk(contract));
    expectWritten("assembly/gen", emitSdk(contract));
    const tables = emitTypeScriptSdk(contract).filter(({ path }) => path.endsWith(".table.ts"));
    expect(tables).toHaveLength(WELL_KNOWN_PROTOS.length);
    // Of descriptors, which are proto2, there are none.
    const published = tables.filter(({ path }) => !path.endsWith("descriptor.table.ts"));
    expectWritten("src/gen", published);
  });
});

describe("a contract that imports well-known types", () => {
  const desc = createFileRegistry(compileInline(protos)).getMessage("test.Event") as DescMessage;
  const event = create(desc, {
    at: timestampFromMs(Date.UTC(2026, 10, 23, 1, 2, 3, 4)),
    laps: [{ seconds: -1n, nanos: -500_000_000 }, {}],
    values: { a: { kind: { case: "numberValue", value: 1.5 } } },
    extra: { list: [1, "two", null, { three: true }] },
    big: -(1n << 63n),
    mask: { paths: ["a.b", "c_d"] },
    payload: {
      case: "any",
      value: anyPack(DurationSchema, create(DurationSchema, { seconds: 7n })),
    },
    kind: 9,
  });
  const bytes = toBinary(desc, event);

  it("passes the type check", () => {
    expect(typeErrors(emitHostSdk(contractOf(protos)))).toEqual([]);
  });

  it("has them in TypeScript, with their forms in JSON", async () => {
    const program = [
      'import { createRegistry } from "@wplug/runtime";',
      'import { Duration } from "@wplug/well-known-types/google/protobuf/duration.pb.js";',
      'export * from "./index.js";',
      "export const registry = createRegistry(Duration);",
    ].join("\n");
    const { Event, registry } = await loadGenerated<{
      Event: { decode(bytes: Uint8Array): Message & { toJson(options: object): JsonValue } };
      registry: object;
    }>([...emitHostSdk(contractOf(protos)), { path: "test.ts", content: program }], "test.ts");
    const message = Event.decode(bytes);
    expect(toBinary(desc, fromBinary(desc, message.encode()))).toEqual(bytes);
    expect(message.toJson({ registry })).toEqual(
      toJson(desc, event, { registry: createRegistry(DurationSchema) }),
    );
  });

  it("has the JSON of those that only its rpcs have", async () => {
    const rpcs: Protos = {
      "a.proto": `
        syntax = "proto3";
        package a;
        import "google/protobuf/duration.proto";
        import "google/protobuf/empty.proto";
        import "google/protobuf/struct.proto";
        // go:plugin type=plugin version=1
        service A { rpc A(google.protobuf.Empty) returns (google.protobuf.Duration); }
        // go:plugin type=host
        service B { rpc B(google.protobuf.Struct) returns (google.protobuf.Empty); }`,
    };
    const files = emitHostSdk(contractOf(rpcs));
    expect(typeErrors(files)).toEqual([]);
    const program = (entry: string) =>
      [
        'import { Duration } from "@wplug/well-known-types/google/protobuf/duration.pb.js";',
        'import { Empty } from "@wplug/well-known-types/google/protobuf/empty.pb.js";',
        'import { Struct } from "@wplug/well-known-types/google/protobuf/struct.pb.js";',
        `import "./${entry}.js";`,
        "export const json = [new Empty(), new Duration(), Struct.fromJson({ a: 1 })].map((it) => it.toJson());",
      ].join("\n");
    for (const entry of ["index", "host"]) {
      const { json } = await loadGenerated<{ json: JsonValue }>(
        [...files, { path: "test.ts", content: program(entry) }],
        "test.ts",
      );
      expect(json).toEqual([{}, "0s", { a: 1 }]);
    }
  });

  it("has them in AssemblyScript", async () => {
    const workspace = new PluginWorkspace(contractOf(protos));
    workspace.write(
      "plugins/greeter/assembly/index.ts",
      `import { Echoes, Event, registerEchoes } from "@test/contract/assembly";
      import { Timestamp } from "@wplug/well-known-types/assembly";
      class Plugin implements Echoes {
        echo(event: Event): Event {
          const at: Timestamp | null = event.at;
          if (at !== null) at.seconds += 1;
          return event;
        }
      }
      registerEchoes(new Plugin());`,
    );
    expect((await workspace.compile()).diagnostics).toEqual([]);
    const instance = new TestInstance(new WebAssembly.Module(workspace.module()));
    workspace.dispose();
    const answer = instance.call("echoes_echo", bytes);
    if ("error" in answer) throw new Error(answer.error);
    const later = create(desc, {
      ...event,
      at: timestampFromMs(Date.UTC(2026, 10, 23, 1, 2, 4, 4)),
    } as never);
    expect(toBinary(desc, fromBinary(desc, answer.bytes))).toEqual(toBinary(desc, later));
  });
});

describe("a contract that has descriptors as data", () => {
  const described: Protos = {
    "catalog.proto": `
      syntax = "proto3";
      package catalog;
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.FieldOptions { string unit = 50000; }
      message Entry {
        google.protobuf.FileDescriptorSet set = 1;
        map<string, google.protobuf.DescriptorProto> messages = 2;
        repeated google.protobuf.FieldDescriptorProto fields = 3;
        oneof options { google.protobuf.FileOptions file = 6; google.protobuf.FieldOptions field = 7; }
        int32 length = 8 [(unit) = "bytes", deprecated = true, json_name = "len"];
      }
      // go:plugin type=plugin version=1
      service Echoes { rpc Echo(Entry) returns (Entry); }`,
  };
  const set = compileInline(described);
  const desc = createFileRegistry(set).getMessage("catalog.Entry") as DescMessage;
  const entry = create(desc, {
    // All of descriptor.proto is in it, with its options, its reserved ranges and the custom option.
    set,
    messages: { entry: desc.proto },
    // Set to what they are anyway, and not set.
    fields: [{ number: 0, name: "", proto3Optional: false, options: { ctype: 0 } }, {}],
    options: { case: "field", value: { packed: false, ctype: 2 } },
  });
  const bytes = toBinary(desc, entry);

  it("passes the type check", () => {
    expect(typeErrors(emitHostSdk(contractOf(described)))).toEqual([]);
  });

  it("keeps them as they are in TypeScript, presence and unknown options included", async () => {
    const { Entry } = await loadGenerated<{
      Entry: {
        decode(
          bytes: Uint8Array,
        ): Message & { toJson(): JsonValue; fields: readonly { number?: number }[] };
        fromJson(json: JsonValue): Message;
      };
    }>(emitHostSdk(contractOf(described)));
    const message = Entry.decode(bytes);
    expect(message.fields.map(({ number }) => number)).toEqual([0, undefined]);
    expect(Buffer.compare(message.encode(), bytes)).toBe(0);
    const known = toJson(desc, entry);
    expect(message.toJson()).toEqual(known);
    const back = fromBinary(desc, Entry.fromJson(known as JsonValue).encode());
    expect(toJson(desc, back)).toEqual(known);
  });

  it("says what counts while a field is not set", () => {
    const text = readFileSync(join(PACKAGE, "src/gen/google/protobuf/descriptor.pb.ts"), "utf8");
    expect(text).toMatch(
      /Default: SPEED\.\n +\*\/\n +optimizeFor: .* \| undefined = undefined;|Default: SPEED\. \*\/\n +optimizeFor: .* \| undefined = undefined;/,
    );
  });

  it("has what counts while a field is not set in AssemblyScript, where a number can't be null", () => {
    const text = readFileSync(
      join(PACKAGE, "assembly/gen/google/protobuf/descriptor.pb.ts"),
      "utf8",
    );
    expect(text).toContain(
      "$optimizeFor: FileOptions_OptimizeMode = FileOptions_OptimizeMode.SPEED;",
    );
    expect(text).toContain("$ccEnableArenas: bool = true;");
    expect(text).toContain("$type: FieldDescriptorProto_Type = FieldDescriptorProto_Type.");
    expect(text).toContain("$packed: bool = false;");
  });

  it("keeps them as they are in AssemblyScript", async () => {
    const workspace = new PluginWorkspace(contractOf(described));
    workspace.write(
      "plugins/greeter/assembly/index.ts",
      `import { Echoes, Entry, registerEchoes } from "@test/contract/assembly";
      class Plugin implements Echoes { echo(entry: Entry): Entry { return entry; } }
      registerEchoes(new Plugin());`,
    );
    expect((await workspace.compile()).diagnostics).toEqual([]);
    const instance = new TestInstance(new WebAssembly.Module(workspace.module()));
    workspace.dispose();
    const answer = instance.call("echoes_echo", bytes);
    if ("error" in answer) throw new Error(answer.error);
    expect(Buffer.compare(answer.bytes, bytes)).toBe(0);
  });
});
