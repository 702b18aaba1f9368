import type { Enum } from "../../../contract/contract";
import { claimRustName, identifier, upperCamelCase } from "../rust-names";
import { documentation, indent, item } from "./rust-code";
import { depthOf, type PlacedItem } from "./message-code";
import type { RustTypes } from "./rust-types";

/** An enum for prost. A second name of a number is a constant, as Rust has one variant for each number. */
export function enumItems(it: Enum, types: RustTypes): PlacedItem[] {
  const path = types.pathOf(it);
  const module = path.slice(0, -1);
  const depth = depthOf(module, types);
  const taken = new Set<string>();
  const variants = new Map<number, string>();
  const values = it.values.map((value) => {
    const name = claimRustName(upperCamelCase(value.name), taken);
    const first = variants.get(value.number);
    if (first === undefined) variants.set(value.number, name);
    return { ...value, rustName: name, alias: first };
  });
  const name = identifier(path.at(-1) ?? "");
  const declaration = item(
    documentation(it.comment),
    [
      "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, ::prost::Enumeration)]",
      "#[repr(i32)]",
      `pub enum ${name} {`,
      ...indent(
        values
          .filter(({ alias }) => alias === undefined)
          .flatMap(({ comment, rustName, number }) => [
            ...documentation(comment),
            `${rustName} = ${number},`,
          ]),
      ),
      "}",
    ],
    depth,
  );
  const methods = [
    ...values
      .filter(({ alias }) => alias !== undefined)
      .flatMap(({ comment, rustName, alias }) => [
        ...documentation(comment),
        `pub const ${rustName}: Self = Self::${alias};`,
        "",
      ]),
    "/// The name that the proto gives this value.",
    "pub fn as_str_name(&self) -> &'static str {",
    "    match self {",
    ...values
      .filter(({ alias }) => alias === undefined)
      .map(({ rustName, protoName }) => `        Self::${rustName} => "${protoName}",`),
    "    }",
    "}",
    "",
    "/// The value that the proto gives this name.",
    "pub fn from_str_name(name: &str) -> ::core::option::Option<Self> {",
    "    match name {",
    ...values.map(
      ({ rustName, protoName }) => `        "${protoName}" => Some(Self::${rustName}),`,
    ),
    "        _ => None,",
    "    }",
    "}",
  ];
  const implementation = item([], [`impl ${name} {`, ...indent(methods), "}"], depth);
  return [
    { module, lines: declaration },
    { module, lines: implementation },
  ];
}
