import { createFileRegistry, fromBinary, toBinary, type FileRegistry } from "@bufbuild/protobuf";
import type { Message, MessageType } from "@wplug/runtime";

import { emitHostSdk } from "../host-sdk/emit-host-sdk";
import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { compileInline, contractOf, type Protos } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";
import { Random } from "../testing/random";
import { randomMessage } from "../testing/random-message";
import { TestInstance } from "../testing/test-instance";
import { typeErrors } from "../testing/type-errors";
import { WebAssembly } from "../wasm/web-assembly";

jest.setTimeout(60_000);

/** What protos may do and seldom do: all of it in one contract. */
const protos: Protos = {
  // No package, and types that come from a file which the imported one imports in public.
  "top.proto": `
    syntax = "proto3";
    import "middle/public.proto";
    message Top {
      deep.down.Bottom bottom = 1;
      deep.down.Bottom.Kind kind = 2;
      .Even even = 3;
      map<string, .Even> evens = 4;
    }
    // Each contains the other.
    message Even { Odd next = 1; repeated Odd more = 2; }
    message Odd { Even next = 1; oneof way { Even up = 2; Odd down = 3; } }
    // go:plugin type=plugin version=1
    service Echoes {
      rpc Top(.Top) returns (.Top);
      rpc Bottom(deep.down.Bottom) returns (deep.down.Bottom);
      rpc Names(names.Names) returns (names.Names);
      rpc Lower(names.from) returns (names.from);
      rpc Edition(edition.Edition) returns (edition.Edition);
    }
    import "names.proto";
    import "edition.proto";`,
  "middle/public.proto": 'syntax = "proto3"; package middle; import public "deep/down.proto";',
  "deep/down.proto": `
    syntax = "proto3";
    package deep.down;
    message Bottom {
      enum Kind { option allow_alias = true; KIND_ZERO = 0; KIND_ONE = 1; KIND_EINS = 1; KIND_LOW = -2147483648; }
      message Inner { message Inner { Bottom bottom = 1; Kind kind = 2; } Inner inner = 1; }
      Inner inner = 1;
      Inner.Inner innermost = 2;
      repeated Kind kinds = 3;
    }
    message Bottom_Inner { int32 not_the_nested_one = 1; }`,
  // Names of members, of locals and of functions in generated code, and of the languages.
  "names.proto": `
    syntax = "proto3";
    package names;
    message Names {
      int32 from = 1; string at = 2; bytes size = 3; double depth = 4; repeated int32 list = 5;
      map<int32, string> entry = 6; repeated string item = 7; Names block = 8; optional int32 output = 9;
      oneof encode { string decode = 10; Names this = 11; bool has_decode = 12; }
      optional string constructor = 13; optional bool clear_encode = 14; int64 super = 15;
      repeated double prototype = 16; int32 foo_bar = 17; int32 _fooBar = 19;
      optional int32 has_output = 20; optional int32 set_output = 21; float Names = 22; bool reader = 23;
      map<string, putTag> writer = 24; fixed64 to_json = 25; sint32 clone = 26; uint32 equals = 27; int32 merge_from = 28;
      repeated from froms = 29; string end = 30; string key = 31; string value = 32; string tag = 33; bool outer = 34;
      Array array = 35; Map map = 36; into into = 39; string type_name = 37; string field_names = 38;
    }
    message from { at at = 1; at from = 2; map<int32, at> list = 3; }
    message at { int32 at = 1; repeated float from = 2; }
    message into { into into = 1; map<string, into> outer = 2; }
    message putTag { string putString = 1; }
    message Array { repeated int32 array = 1 [packed = false]; }
    message Map { map<int32, Array> map = 1; }`,
  // What proto3 has, in the words of an edition.
  "edition.proto": `
    edition = "2023";
    package edition;
    option features.field_presence = IMPLICIT;
    message Edition {
      int32 implicit = 1;
      string explicit = 2 [features.field_presence = EXPLICIT];
      repeated int32 packed = 3;
      repeated int32 expanded = 4 [features.repeated_field_encoding = EXPANDED];
      Open open = 5;
      map<string, Edition> editions = 6;
    }
    enum Open { OPEN_ZERO = 0; OPEN_ONE = 1; }`,
};

/** Types by the rpcs that echo them. */
const echoes = {
  Top: "Top",
  Bottom: "deep.down.Bottom",
  Names: "names.Names",
  Lower: "names.from",
  Edition: "edition.Edition",
};

const registry: FileRegistry = createFileRegistry(compileInline(protos));

/** Random messages of a type, with the bytes of the reference implementation, through `echo` and back. */
function expectEchoes(typeName: string, echo: (bytes: Uint8Array) => Uint8Array): void {
  const desc = registry.getMessage(typeName);
  if (desc === undefined) throw new Error(`there is no ${typeName}`);
  const normalized = (bytes: Uint8Array) =>
    Buffer.from(toBinary(desc, fromBinary(desc, bytes))).toString("hex");
  for (let seed = 1; seed <= 100; seed++) {
    const bytes = toBinary(desc, randomMessage(desc, new Random(seed)));
    // By way of the reference, as it has an order of its own for the entries of maps.
    expect({ seed, hex: normalized(echo(bytes)) }).toEqual({ seed, hex: normalized(bytes) });
  }
}

describe("odd protos", () => {
  describe("in TypeScript", () => {
    let classes: Record<string, MessageType & { decode(bytes: Uint8Array): Message }>;

    beforeAll(async () => {
      classes = await loadGenerated(emitHostSdk(contractOf(protos)));
    });

    it("passes the type check", () => {
      expect(typeErrors(emitHostSdk(contractOf(protos)))).toEqual([]);
    });

    it.each(Object.values(echoes))("%s comes back as it went", (typeName) => {
      const type = Object.values(classes).find((it) => it.typeName === typeName);
      expectEchoes(typeName, (bytes) => type?.decode(bytes).encode() ?? new Uint8Array(0));
    });
  });

  describe("in AssemblyScript", () => {
    let workspace: PluginWorkspace;
    let instance: TestInstance;

    beforeAll(async () => {
      const contract = contractOf(protos);
      workspace = new PluginWorkspace(contract);
      const [service] = contract.files.flatMap((file) => file.pluginServices);
      const methods = service?.methods.map(
        ({ name, input }) => `  ${name}(request: ${input.name}): ${input.name} { return request; }`,
      );
      const names = service?.methods.map(({ input }) => input.name);
      workspace.write(
        "plugins/greeter/assembly/index.ts",
        [
          `import { Echoes, registerEchoes, ${names?.join(", ")} } from "@test/contract/assembly";`,
          `class Plugin implements Echoes {\n${methods?.join("\n")}\n}`,
          "registerEchoes(new Plugin());",
        ].join("\n"),
      );
      const result = await workspace.compile();
      expect(result.diagnostics).toEqual([]);
      instance = new TestInstance(new WebAssembly.Module(workspace.module()));
    });

    afterAll(() => workspace.dispose());

    it.each(Object.entries(echoes))("%s: %s comes back as it went", (rpc, typeName) => {
      expectEchoes(typeName, (bytes) => {
        const answer = instance.call(`echoes_${rpc.toLowerCase()}`, bytes);
        if ("error" in answer) throw new Error(answer.error);
        return answer.bytes;
      });
    });
  });
});
