import { camelCase, goName, methodName, wasmName } from "../contract/model/names";
import type { Protos } from "./compile-inline";
import { distinct, ownNames, takenNames } from "./taken-names";

const asWasmName = (name: string) => wasmName(goName(name));
// What protobuf, or the plugin ABI, has one name for.
const fields = distinct(takenNames, camelCase);
const values = distinct(takenNames, (name) => name.replaceAll("_", "").toLowerCase());
const entries = values.filter((name) => !name.endsWith("Entry"));
const services = distinct(ownNames, asWasmName);
const rpcs = distinct(distinct(ownNames, methodName), asWasmName);

const numbered = (names: readonly string[], declare: (name: string) => string) =>
  names.map((name, i) => `${declare(name)} = ${i + 1};`).join("\n");
/** A declaration for each hundred of names: a message can't have them all, or tsc gives up. */
const chunks = (
  names: readonly string[],
  declare: (part: readonly string[], i: number) => string,
) =>
  Array.from({ length: Math.ceil(names.length / 100) }, (_, i) =>
    declare(names.slice(i * 100, (i + 1) * 100), i),
  ).join("\n    ");
const echo = (name: string, type: string) => `rpc ${name}(${type}) returns (${type});`;

/**
 * A contract in which messages, fields, oneofs, values, services, rpcs and functions of the host have all names that mean something
 * somewhere. Each is declared on a line of its own.
 */
export const protosOfTakenNames: Protos = {
  // Messages of all names, each with a field of its name and one of its type.
  "messages.proto": `syntax = "proto3"; package messages;
    ${takenNames.map((name) => `message ${name} { int64 ${name} = 1; messages.${name} next = 2; }`).join("\n")}`,
  // Fields and oneofs of all names.
  "fields.proto": `syntax = "proto3"; package fields;
    ${chunks(fields, (part, i) => `message Singular${i} {\n${numbered(part, (name) => `int32 ${name}`)}\n}`)}
    ${chunks(fields, (part, i) => `message Optional${i} {\n${numbered(part, (name) => `optional string ${name}`)}\n}`)}
    ${chunks(fields, (part, i) => `message Lists${i} {\n${numbered(part, (name) => `repeated bytes ${name}`)}\n}`)}
    ${chunks(entries, (part, i) => `message Maps${i} {\n${numbered(part, (name) => `map<string, int64> ${name}`)}\n}`)}
    ${chunks(fields, (part, i) => `message Members${i} { oneof choice {\n${numbered(part, (name) => `double ${name}`)}\n} }`)}
    ${chunks(fields, (part, i) => `message Oneofs${i} {\n${part.map((name, k) => `oneof ${name} { int32 a${k} = ${2 * k + 1}; string b${k} = ${2 * k + 2}; }`).join("\n")}\n}`)}`,
  // Values of all names in an enum.
  "enums.proto": `syntax = "proto3"; package enums;
    message Holder { enum Values {\n${values.map((name, i) => `${name} = ${i};`).join("\n")}\n} }
    message Held { Holder.Values held = 1; }`,
  "echo.proto": `syntax = "proto3"; package echo;
    import "messages.proto"; import "fields.proto"; import "enums.proto";
    // go:plugin type=plugin version=1
    service Echo {
      ${takenNames.map((name, i) => echo(`Message${i}`, `messages.${name}`)).join("\n")}
      ${["Singular", "Optional", "Lists", "Maps", "Members", "Oneofs"].map((kind) => chunks(kind === "Maps" ? entries : fields, (_, i) => echo(`${kind}${i}`, `fields.${kind}${i}`))).join("\n")}
      ${echo("Enum", "enums.Held")}
    }`,
  // Services, rpcs and functions of the host of all names.
  "services.proto": `syntax = "proto3"; package services;
    message Note { string text = 1; }
    ${services.map((name) => `// go:plugin type=plugin\nservice ${name} { ${echo("Call", "Note")} }`).join("\n")}
    // go:plugin type=plugin
    service AllRpcs {\n${rpcs.map((name) => echo(name, "Note")).join("\n")}\n}
    // go:plugin type=host
    service AllFunctions {\n${rpcs.map((name) => echo(name, "Note")).join("\n")}\n}`,
};
