import type { Contract } from "../contract/contract";
import type { GeneratedFile } from "../generated/generated-file";
import { emitHostSdk } from "../host-sdk";
import { emitSdk as emitAssemblyScript } from "../languages/assemblyscript/emit-sdk";
import { emitSdk as emitRust } from "../languages/rust/emit-sdk";
import { contractOf } from "../testing/compile-inline";

/** What stands below each comment, in the contract. */
const COMMENTED = [
  ["Of the service.", "service Greeter"],
  ["Of the rpc.", "rpc SayHello"],
  ["Of the host.", "service Host"],
  ["Of its function.", "rpc Log"],
  ["Of the message.", "message Request"],
  ["Of the field.", "string name"],
  ["Of the oneof.", "oneof which"],
  ["Of the case.", "string mail"],
  ["Of the map.", "map<string, Nested> homes"],
  ["Of the message inside.", "message Nested"],
  ["Of the enum.", "enum Kind"],
  ["Of the value.", "KIND_GOOD"],
] as const;

const CONTRACT = contractOf({
  "greeter.proto": `syntax = "proto3"; package greeter.v1;
// Of the service.
// go:plugin type=plugin version=1
service Greeter {
  // Of the rpc.
  rpc SayHello(Request) returns (Request);
}
// Of the host.
// go:plugin type=host
service Host {
  // Of its function.
  rpc Log(Request) returns (Request);
}
// Of the message.
message Request {
  string name = 1; // Of the field.
  // Of the oneof.
  oneof which {
    // Of the case.
    string mail = 2;
  }
  // Of the map.
  map<string, Nested> homes = 3;
  // Of the message inside.
  message Nested {}
  Kind kind = 4;
}
// Of the enum.
enum Kind {
  KIND_UNSPECIFIED = 0;
  // Of the value.
  KIND_GOOD = 1;
}
`,
});

const EMITTERS: Record<string, (contract: Contract) => readonly GeneratedFile[]> = {
  "TypeScript of hosts": emitHostSdk,
  AssemblyScript: emitAssemblyScript,
  Rust: (contract) => emitRust({ contract, imported: [] }),
};

describe.each(Object.entries(EMITTERS))("generated %s", (_, emit) => {
  const text = emit(CONTRACT)
    .map(({ content }) => content)
    .join("\n");

  it.each(COMMENTED)("has the comment %j of %s as a doc comment", (comment) => {
    const line = text.split("\n").find((it) => it.includes(comment)) ?? "";
    expect(line).toMatch(/\/\*\*|^\s*\*|\/\/\//);
  });
});
