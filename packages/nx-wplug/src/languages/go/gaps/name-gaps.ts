import type {
  DescEnum,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";

import type { ContractFile } from "../../../contract/contract";
import { goName, withoutPackage } from "../../../contract/model/names";
import type { Diagnostic } from "../../../errors/contract-error";
import { GO_KEYWORDS, goPackage, goTypeName } from "../go-names";
import { knownPackage } from "../known-types";
import { type AnnotatedService, type GoSource, servicesOf } from "./go-source";

/**
 * What the code of a service needs by these names: predeclared identifiers of Go, packages, functions. The variable or type that is
 * called as the service, with a small first letter, would be in their way.
 */
const NEEDED = words(
  "append bool byte copy error false float32 float64 int int32 int64 len make new nil panic string uint uint32 uint64 uint8",
  "init context wasm protoimpl protoreflect proto binary bits fmt io math encodeVarint skip sov soz",
);

/** Names inside of the functions that use the variable of a plugin's service. */
const TAKEN = words("b p ptr req size");

/** Methods of messages, but for those that the generator itself gets out of the way of. */
const METHODS = words(
  "ProtoReflect MarshalVT MarshalToVT MarshalToSizedBufferVT UnmarshalVT SizeVT",
);

/** Variables of a Go package with messages. */
const VARIABLES = words("ErrInvalidLength ErrIntOverflow ErrUnexpectedEndOfGroup");

/** Names of which go-plugin makes something that Go has a use for. */
export function findTakenNames({ source, file, imports }: GoSource): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const refuse = (what: string, desc: AnyNamed) => {
    const message = `${what} can't be called ${desc.name} there: rename it`;
    gaps.push({ ...source.position(desc), message });
  };
  for (const { desc: service, kind } of servicesOf(file, source.file)) {
    const name = lowerFirst(goName(service.name));
    if (
      GO_KEYWORDS.has(name) ||
      NEEDED.has(name) ||
      (kind === "plugin" && TAKEN.has(name)) ||
      imports.some((path) => importName(path, source.file) === name)
    ) {
      refuse("a service", service);
    }
    if (kind === "host") continue;
    for (const method of service.methods) {
      if (GO_KEYWORDS.has(goName(method.name).toLowerCase())) refuse("an rpc", method);
    }
  }
  for (const message of messagesOf(source.file)) {
    for (const field of message.fields)
      if (METHODS.has(goName(field.name))) refuse("a field", field);
    for (const oneof of message.oneofs)
      if (METHODS.has(goName(oneof.name))) refuse("a oneof", oneof);
  }
  for (const message of source.file.messages) {
    if (VARIABLES.has(goName(message.name))) refuse("a message", message);
  }
  for (const type of source.file.enums)
    if (VARIABLES.has(goName(type.name))) refuse("an enum", type);
  return gaps;
}

type AnyNamed = DescService | DescMethod | DescMessage | DescEnum | DescField | DescOneof;

/** The name by which the code of a file has the Go package of another; undefined if it is the same one. */
function importName(path: string, { dependencies, proto }: DescFile): string | undefined {
  if (path.startsWith("google/protobuf/")) {
    return knownPackage(path, "").name;
  }
  const imported = dependencies.find((it) => it.proto.name === path)?.proto.package ?? "";
  return imported === proto.package ? undefined : goPackage(imported).folder.split("/").at(-1);
}

/** Fields that Go's protobuf takes for one, although they are two in JSON. */
export function findSameFields({ source }: GoSource): Diagnostic[] {
  return messagesOf(source.file).flatMap((message) => {
    const seen = new Map<string, string>();
    return message.fields.flatMap((field): Diagnostic[] => {
      const key = field.name.replaceAll("_", "").toLowerCase();
      const other = seen.get(key);
      seen.set(key, field.name);
      if (other === undefined) return [];
      const text = `the fields ${field.name} and ${other} of ${message.name} get one name: rename one`;
      return [{ ...source.position(field), message: text }];
    });
  });
}

/** All of a file, also those inside of others, but for the entries of maps. */
function messagesOf({ messages }: DescFile): DescMessage[] {
  const withNested = (message: DescMessage): DescMessage[] => [
    message,
    ...message.nestedMessages.flatMap(withNested),
  ];
  return messages.flatMap(withNested);
}

/** All of a file, also those inside of messages. */
function enumsOf(file: DescFile): DescEnum[] {
  return [...file.enums, ...messagesOf(file).flatMap(({ nestedEnums }) => nestedEnums)];
}

/** Names that go-plugin makes of two things in one Go package. */
export function findSameNames(sources: readonly GoSource[]): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const seen = new Map<string, string>();
  for (const { source, file } of sources) {
    const scope = goPackage(file.package).folder;
    const claim = (what: string, desc: AnyNamed, ...names: readonly string[]) => {
      // One is enough to tell of.
      const other = names
        .map((name) => seen.get(`${scope} ${name}`))
        .find((it) => it !== undefined);
      for (const name of names) seen.set(`${scope} ${name}`, what);
      if (other === undefined) return;
      const message = `${what} and ${other} get one name: rename one`;
      gaps.push({ ...source.position(desc), message });
    };
    for (const message of messagesOf(source.file)) {
      claim(`the message ${localName(message)}`, message, goTypeName(localName(message)));
    }
    for (const type of enumsOf(source.file)) {
      const name = goTypeName(localName(type));
      claim(`the enum ${localName(type)}`, type, name, `${name}_name`, `${name}_value`);
    }
    for (const { desc, kind } of servicesOf(file, source.file)) {
      claim(`the service ${desc.name}`, desc, goName(desc.name));
      claim(`what ${desc.name} needs`, desc, ...helperNames(goName(desc.name), kind));
      if (kind === "plugin") continue;
      for (const method of desc.methods) {
        claim(`${desc.name}.${method.name}`, method, hostFunctionName(file, method));
      }
    }
  }
  return gaps;
}

/** Name without the package: `Outer.Inner`. */
function localName({ typeName, file }: DescMessage | DescEnum): string {
  return withoutPackage(typeName, file.proto.package);
}

/** Functions and constants that a plugin's code has for a service. */
function helperNames(service: string, kind: AnnotatedService["kind"]): string[] {
  return kind === "host" ? [`New${service}`] : [`Register${service}`, `${service}PluginAPIVersion`];
}

function hostFunctionName({ hostService }: ContractFile, { name }: DescMethod): string {
  const method = hostService?.methods.find(({ protoName }) => protoName === name);
  return `_${method?.wasmName ?? name}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
