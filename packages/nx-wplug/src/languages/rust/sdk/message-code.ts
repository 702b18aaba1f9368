import type { Field, Message, Oneof, ScalarType, ValueType } from "../../../contract/contract";
import { claimRustName, identifier, snakeCase, upperCamelCase } from "../rust-names";
import { documentation, indent, item, type Lines, prostAttribute, WIDTH } from "./rust-code";
import { relativePath, type RustPath, type RustTypes } from "./rust-types";

const SCALARS: Readonly<Record<ScalarType, string>> = {
  double: "f64",
  float: "f32",
  int32: "i32",
  int64: "i64",
  uint32: "u32",
  uint64: "u64",
  sint32: "i32",
  sint64: "i64",
  fixed32: "u32",
  fixed64: "u64",
  sfixed32: "i32",
  sfixed64: "i64",
  bool: "bool",
  string: "::prost::alloc::string::String",
  bytes: "::prost::alloc::vec::Vec<u8>",
};

/** Items by the module that they are in. */
export interface PlacedItem {
  readonly module: RustPath;
  readonly lines: Lines;
}

/** A struct for prost, and an enum for each of its oneofs. */
export function messageItems(message: Message, types: RustTypes): PlacedItem[] {
  const path = types.pathOf(message);
  const module = path.slice(0, -1);
  const names = new MemberNames(message);
  const written = new Set<string>();
  const enums: PlacedItem[] = [];
  const depth = depthOf(module, types);
  const members = message.fields.flatMap((field) => {
    const oneof = oneofOf(message, field);
    if (oneof === undefined) return member(field, names.of(field), message, module, types);
    if (written.has(oneof.name)) return [];
    written.add(oneof.name);
    const inner = types.innerModule(message.typeName);
    const type = [...inner, types.claim(inner, upperCamelCase(oneof.protoName))];
    enums.push({ module: inner, lines: oneofEnum(oneof, type, message, types) });
    const shown = relativePath(module, type);
    return [
      ...documentation(oneof.comment),
      ...prostAttribute([`oneof = "${shown}"`, `tags = "${tagsOf(oneof)}"`]),
      ...memberLine(names.of(oneof), `::core::option::Option<${shown}>`, depth),
    ];
  });
  const name = identifier(path.at(-1) ?? "");
  const struct =
    members.length === 0
      ? [`pub struct ${name} {}`]
      : [`pub struct ${name} {`, ...indent(members), "}"];
  return [
    {
      module,
      lines: item(
        documentation(message.comment),
        ["#[derive(Clone, PartialEq, ::prost::Message)]", ...struct],
        depth,
      ),
    },
    ...enums,
  ];
}

/** How deep a module is nested in its file. */
export function depthOf(module: RustPath, types: RustTypes): number {
  const files = new Set(types.packageModules().map((it) => it.join("::")));
  let depth = 0;
  for (let at = module; !files.has(at.join("::")); at = at.slice(0, -1)) depth++;
  return depth;
}

/**
 * Names of the members of a struct. prost gives it a method of the same name for each enum and optional scalar, and one that
 * sets it: those must not meet.
 */
class MemberNames {
  private readonly names = new Map<Field | Oneof, string>();

  constructor(message: Message) {
    const taken = new Set<string>();
    const members: (Field | Oneof)[] = [
      ...message.fields.filter((field) => oneofOf(message, field) === undefined),
      ...message.oneofs,
    ];
    const methods = new Set<string>();
    for (const it of members) {
      let name = claimRustName(snakeCase(it.protoName), taken);
      if (hasSetter(it)) {
        while (methods.has(name) || methods.has(`set_${name}`))
          name = claimRustName(`${name}_`, taken);
        methods.add(name).add(`set_${name}`);
      }
      this.names.set(it, name);
    }
  }

  of(it: Field | Oneof): string {
    return identifier(this.names.get(it) ?? "");
  }
}

function hasSetter(it: Field | Oneof): boolean {
  if (!("cardinality" in it) || it.cardinality === "map") return false;
  return it.value.kind === "enum" || (it.cardinality === "singular" && it.presence === "explicit");
}

function member(
  field: Field,
  name: string,
  message: Message,
  module: RustPath,
  types: RustTypes,
): string[] {
  const { args, type } = codeOf(field, message, module, types);
  return [
    ...documentation(field.comment),
    ...prostAttribute([...args, `tag = "${field.number}"`]),
    ...memberLine(name, type, depthOf(module, types)),
  ];
}

interface FieldCode {
  /** For the attribute, without the tag. */
  readonly args: Lines;
  readonly type: string;
}

function codeOf(field: Field, message: Message, module: RustPath, types: RustTypes): FieldCode {
  if (field.cardinality === "map") {
    const key = SCALARS[field.key];
    const value = mapValue(field.value, module, types);
    return {
      args: [`btree_map = "${field.key}, ${value}"`],
      type: `::prost::alloc::collections::BTreeMap<${key}, ${typeOf(field.value, module, types)}>`,
    };
  }
  const kind = attributeOf(field.value, module, types);
  const type = typeOf(field.value, module, types);
  if (field.cardinality === "repeated") {
    const apart = !field.packed && isPackable(field.value);
    return {
      args: [kind, "repeated", ...(apart ? ['packed = "false"'] : [])],
      type: `::prost::alloc::vec::Vec<${type}>`,
    };
  }
  if (field.value.kind === "message") {
    const isBoxed = types.isRecursive(message, field.value.type);
    return {
      args: [kind, "optional", ...(isBoxed ? ["boxed"] : [])],
      type: `::core::option::Option<${isBoxed ? boxed(type) : type}>`,
    };
  }
  if (field.presence === "implicit") return { args: [kind], type };
  return { args: [kind, "optional"], type: `::core::option::Option<${type}>` };
}

function oneofEnum(oneof: Oneof, path: RustPath, message: Message, types: RustTypes): string[] {
  const module = path.slice(0, -1);
  const taken = new Set<string>();
  const variants = oneof.fields.flatMap((field) => {
    const { value } = field as Field & { readonly value: ValueType };
    const isBoxed = value.kind === "message" && types.isRecursive(message, value.type);
    const type = typeOf(value, module, types);
    const name = claimRustName(upperCamelCase(field.protoName), taken);
    return [
      ...documentation(field.comment),
      ...prostAttribute([
        attributeOf(value, module, types),
        ...(isBoxed ? ["boxed"] : []),
        `tag = "${field.number}"`,
      ]),
      `${name}(${isBoxed ? boxed(type) : type}),`,
    ];
  });
  return item(
    documentation(oneof.comment),
    [
      "#[derive(Clone, PartialEq, ::prost::Oneof)]",
      `pub enum ${path.at(-1)} {`,
      ...indent(variants),
      "}",
    ],
    depthOf(module, types),
  );
}

/** What prost's attribute says of one value. */
function attributeOf(value: ValueType, module: RustPath, types: RustTypes): string {
  if (value.kind === "message") return "message";
  if (value.kind === "enum") return `enumeration = "${types.reference(module, value.type)}"`;
  return value.scalar === "bytes" ? 'bytes = "vec"' : value.scalar;
}

function mapValue(value: ValueType, module: RustPath, types: RustTypes): string {
  if (value.kind === "message") return "message";
  if (value.kind === "enum") return `enumeration(${types.reference(module, value.type)})`;
  return value.scalar;
}

/** Enums are numbers, as those that a later contract has must not be lost. */
function typeOf(value: ValueType, module: RustPath, types: RustTypes): string {
  if (value.kind === "message") return types.reference(module, value.type);
  return value.kind === "enum" ? "i32" : SCALARS[value.scalar];
}

function isPackable(value: ValueType): boolean {
  if (value.kind === "scalar") return value.scalar !== "string" && value.scalar !== "bytes";
  return value.kind === "enum";
}

function oneofOf(message: Message, field: Field): Oneof | undefined {
  if (field.cardinality !== "singular" || field.presence !== "oneof") return undefined;
  return message.oneofs.find(({ name }) => name === field.oneof);
}

function tagsOf(oneof: Oneof): string {
  return oneof.fields.map(({ number }) => number).join(", ");
}

function boxed(type: string): string {
  return `::prost::alloc::boxed::Box<${type}>`;
}

function memberLine(name: string, type: string, depth: number): string[] {
  const line = `pub ${name}: ${type},`;
  return line.length + 4 * (depth + 1) <= WIDTH ? [line] : [`pub ${name}:`, `    ${type},`];
}
