import type { MessageType } from "../wire/message-type.js";
import type { ScalarName } from "./scalar-json.js";

/** An enum as JSON knows it: by the names of the proto file. */
export interface JsonEnum {
  readonly typeName: string;
  /** All names, aliases included. */
  readonly numbers: ReadonlyMap<string, number>;
  /** The first name of each number. */
  readonly names: ReadonlyMap<number, string>;
}

/** What one value of a field is: a scalar, an enum, or the class of a message (later, since messages may be recursive). */
export type JsonValueType = ScalarName | JsonEnum | (() => MessageType);

/** A field as JSON knows it. */
export interface JsonField {
  /** Name of the property of the message, or of the member in its oneof. */
  readonly name: string;
  /** Name in JSON, if it is another. */
  readonly json?: string;
  /** Name in the proto file, if that is not the name in JSON. */
  readonly proto?: string;
  readonly type: JsonValueType;
  /** `one` with implicit presence, unless said otherwise. */
  readonly kind?: "optional" | "list";
  /** Type of the keys of a map. */
  readonly key?: ScalarName;
  /** Name of the property that holds the oneof. */
  readonly oneof?: string;
}

/** The fields of a message, in the order of their numbers. */
export interface JsonType {
  readonly fields: readonly JsonField[];
  /** By every name that is accepted. */
  readonly byName: ReadonlyMap<string, JsonField>;
  /** Names of the members of each oneof, by the name of its property. */
  readonly oneofs: ReadonlyMap<string, ReadonlySet<string>>;
}

const jsonTypes = /* @__PURE__ */ new WeakMap<object, JsonType>();

/** Says how messages of this class look in JSON. */
export function setJsonType(type: MessageType, fields: readonly JsonField[]): void {
  const byName = new Map<string, JsonField>();
  for (const field of fields) byName.set(protoNameOf(field), field);
  // Where two fields claim a name, it is the JSON name that counts.
  for (const field of fields) byName.set(jsonNameOf(field), field);
  const oneofs = new Map<string, Set<string>>();
  for (const { name, oneof } of fields) {
    if (oneof === undefined) continue;
    const members = oneofs.get(oneof);
    if (members === undefined) oneofs.set(oneof, new Set([name]));
    else members.add(name);
  }
  jsonTypes.set(type, { fields, byName, oneofs });
}

/** Describes an enum for `defineJson`. */
export function jsonEnum(
  typeName: string,
  values: readonly (readonly [string, number])[],
): JsonEnum {
  const names = new Map<number, string>();
  for (const [name, number] of values) if (!names.has(number)) names.set(number, name);
  return { typeName, numbers: new Map(values), names };
}

export function jsonTypeOf(type: MessageType): JsonType {
  const found = jsonTypes.get(type);
  if (found === undefined) {
    throw new Error(
      `there is no JSON code of ${type.typeName}: import the generated .json.js file`,
    );
  }
  return found;
}

export function jsonNameOf({ json, name }: JsonField): string {
  return json ?? name;
}

export function protoNameOf(field: JsonField): string {
  return field.proto ?? jsonNameOf(field);
}
