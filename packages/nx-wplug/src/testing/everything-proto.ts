import type { Protos } from "./compile-inline";

const scalars = [
  "double",
  "float",
  "int32",
  "int64",
  "uint32",
  "uint64",
  "sint32",
  "sint64",
  "fixed32",
  "fixed64",
  "sfixed32",
  "sfixed64",
  "bool",
  "string",
  "bytes",
];
const mapKeys = scalars.filter((type) => !["double", "float", "bytes"].includes(type));
const values = [...scalars, "Color", "shared.Leaf", "Everything"];

let number = 0;
const field = (declaration: string) => `${declaration} = ${++number}`;

const everything = [
  ...values.map((type) => `${field(`${type} one_${plain(type)}`)};`),
  ...values
    .filter((type) => type !== "shared.Leaf" && type !== "Everything")
    .map((type) => `${field(`optional ${type} maybe_${plain(type)}`)};`),
  ...values.map((type) => `${field(`repeated ${type} list_${plain(type)}`)};`),
  ...scalars
    .filter((type) => type !== "string" && type !== "bytes")
    .map((type) => `${field(`repeated ${type} apart_${type}`)} [packed = false];`),
  ...mapKeys.map((key) => `${field(`map<${key}, string> by_${key}`)};`),
  ...values.map((type) => `${field(`map<string, ${type}> map_${plain(type)}`)};`),
  "oneof choice {",
  ...values.map((type) => `${field(`${type} choice_${plain(type)}`)};`),
  "}",
  "oneof single { string only = 536870911; }",
];

function plain(type: string): string {
  return type.toLowerCase().replace(".", "_");
}

/** A contract with every kind of field that proto3 has, in two files of different packages. */
export const everythingProtos: Protos = {
  "shared/leaf.proto": `
    syntax = "proto3";
    package shared;
    message Leaf { int32 weight = 1; repeated Leaf leaves = 2; }`,
  "everything.proto": `
    syntax = "proto3";
    package test.v1;
    import "shared/leaf.proto";
    enum Color { option allow_alias = true; NONE = 0; RED = 1; ROSE = 1; FAR = 2147483647; BELOW = -1; }
    message Everything {
      ${everything.join("\n      ")}
    }
    // go:plugin type=plugin version=3
    service Tester { rpc Echo(Everything) returns (Everything); rpc Leaf(shared.Leaf) returns (shared.Leaf); }`,
};
