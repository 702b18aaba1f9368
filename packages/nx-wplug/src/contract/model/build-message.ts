import {
  ScalarType as ScalarTypeNumber,
  type DescField,
  type DescMessage,
} from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

import type { Comment, Field, FieldBase, Message, ScalarType, ValueType } from "../contract";
import { buildEnum } from "./build-enum";
import { readComment } from "./comments";
import { camelCase, claimName } from "./names";
import type { ProtoSource } from "./proto-source";
import { reservedFieldNames } from "./reserved-names";
import type { TypeNames } from "./type-names";

export function buildMessage(
  source: ProtoSource,
  desc: DescMessage,
  typeNames: TypeNames,
): Message {
  const names = memberNames(desc);
  const fields = desc.fields
    .map((field): [DescField, Field] => [field, buildField(source, field, names, typeNames)])
    .sort(([a], [b]) => a.number - b.number);
  return {
    ...typeNames.of(desc),
    comment: readComment(source, desc),
    fields: fields.map(([, field]) => field),
    oneofs: desc.oneofs.map((oneof) => ({
      protoName: oneof.name,
      name: nameOf(names, oneof.name),
      comment: readComment(source, oneof),
      fields: fields.filter(([field]) => field.oneof === oneof).map(([, field]) => field),
    })),
  };
}

/** Names of fields and oneofs in the generated class, by their names in the proto file. Fields have the first choice. */
function memberNames(desc: DescMessage): ReadonlyMap<string, string> {
  const taken = new Set(reservedFieldNames);
  const names = new Map<string, string>();
  for (const { name } of [...desc.fields, ...desc.oneofs]) {
    names.set(name, claimName(camelCase(name), taken));
  }
  return names;
}

function nameOf(names: ReadonlyMap<string, string>, protoName: string): string {
  return names.get(protoName) ?? camelCase(protoName);
}

function buildField(
  source: ProtoSource,
  desc: DescField,
  names: ReadonlyMap<string, string>,
  typeNames: TypeNames,
): Field {
  const base: FieldBase = {
    number: desc.number,
    name: nameOf(names, desc.name),
    protoName: desc.name,
    jsonName: desc.jsonName,
    comment: fieldComment(source, desc),
  };
  switch (desc.fieldKind) {
    case "list":
      return {
        ...base,
        cardinality: "repeated",
        value: valueType(desc.listKind, desc, typeNames),
        packed: desc.packed,
      };
    case "map":
      return {
        ...base,
        cardinality: "map",
        key: scalarType(desc.mapKey),
        value: valueType(desc.mapKind, desc, typeNames),
      };
    default:
      return {
        ...base,
        cardinality: "singular",
        value: valueType(desc.fieldKind, desc, typeNames),
        presence: presenceOf(desc),
        oneof: desc.oneof && nameOf(names, desc.oneof.name),
        ...whenUnset(source, desc, typeNames),
      };
  }
}

/** With the default, which a field of proto2 may have: what it counts as while it is not set. */
function fieldComment(source: ProtoSource, desc: DescField): Comment {
  const comment = readComment(source, desc);
  const { defaultValue } = desc.proto;
  if (defaultValue === "") return comment;
  const gap = comment.lines.length === 0 ? [] : [""];
  return { ...comment, lines: [...comment.lines, ...gap, `Default: ${defaultValue}.`] };
}

function whenUnset(
  source: ProtoSource,
  { enum: enumType, proto: { defaultValue } }: DescField,
  typeNames: TypeNames,
): Pick<Extract<Field, { cardinality: "singular" }>, "whenUnset"> {
  if (enumType === undefined) return defaultValue === "true" ? { whenUnset: "true" } : {};
  if (enumType.open) return {};
  // Of a closed enum, the first value counts where none is declared.
  const { values } = buildEnum(source, enumType, typeNames);
  const value = values.find(({ protoName }) => protoName === defaultValue) ?? values[0];
  return value === undefined || value.number === 0 ? {} : { whenUnset: { enumValue: value.name } };
}

function presenceOf(desc: DescField): "implicit" | "explicit" | "oneof" {
  if (desc.oneof !== undefined) return "oneof";
  return desc.presence === FeatureSet_FieldPresence.IMPLICIT ? "implicit" : "explicit";
}

function valueType(
  kind: "scalar" | "enum" | "message",
  { scalar, enum: enumType, message }: DescField,
  typeNames: TypeNames,
): ValueType {
  if (kind === "scalar" && scalar !== undefined) return { kind, scalar: scalarType(scalar) };
  if (kind === "enum" && enumType !== undefined) return { kind, type: typeNames.of(enumType) };
  if (kind === "message" && message !== undefined) return { kind, type: typeNames.of(message) };
  throw new Error(`a ${kind} field without a ${kind} type`);
}

function scalarType(scalar: ScalarTypeNumber): ScalarType {
  return ScalarTypeNumber[scalar].toLowerCase() as ScalarType;
}
