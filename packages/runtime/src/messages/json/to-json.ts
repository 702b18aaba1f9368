import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import { MAX_DEPTH } from "../wire/limits.js";
import { isBytes, isMap, isRecord } from "../wire/js-value.js";
import { at, JsonError, kindOf } from "./json-error.js";
import {
  jsonNameOf,
  jsonTypeOf,
  protoNameOf,
  type JsonEnum,
  type JsonField,
  type JsonValueType,
} from "./json-type.js";
import { setMember, type JsonObject, type JsonValue, type ToJsonOptions } from "./json-value.js";
import { mapKeyToJson, scalarToJson } from "./scalar-json.js";
import type { FormWriter } from "./special-form.js";
import { specialForm } from "./special-forms.js";

/** The properties of a message, by name. */
type Properties = Readonly<Record<string, unknown>>;

/**
 * The proto3 JSON of a message: https://protobuf.dev/programming-guides/json/
 *
 * @throws JsonError with the path of a value that has no JSON form
 */
export function messageToJson(
  type: MessageType,
  message: Message,
  options: ToJsonOptions = {},
): JsonValue {
  return at(type.typeName, () => new JsonWriter(options).message(type, message));
}

/** Writes one message as a JSON value. */
class JsonWriter implements FormWriter {
  private depth = 0;

  constructor(readonly options: ToJsonOptions) {}

  message(type: MessageType, message: Message): JsonValue {
    const special = specialForm(type.typeName);
    return this.nested(() =>
      special === undefined ? this.fields(type, message) : special.toJson(message, this),
    );
  }

  /** Writes a message inside the current one. */
  nested(write: () => JsonValue): JsonValue {
    if (++this.depth > MAX_DEPTH) {
      throw new JsonError(`messages are nested deeper than ${MAX_DEPTH} levels`);
    }
    const json = write();
    this.depth--;
    return json;
  }

  /** A message field by field, whatever its type. */
  fields(type: MessageType, message: Message): JsonObject {
    const object: JsonObject = {};
    const properties = message as unknown as Properties;
    const { fields, oneofs } = jsonTypeOf(type);
    for (const [oneof, members] of oneofs) checkChoice(oneof, members, properties[oneof]);
    for (const field of fields) {
      const value = valueOf(properties, field);
      if (value === ABSENT || (!this.options.emitDefaults && isDefault(field, value))) continue;
      const name = this.options.protoNames ? protoNameOf(field) : jsonNameOf(field);
      setMember(
        object,
        name,
        at(field.name, () => this.field(field, value)),
      );
    }
    return object;
  }

  private field(field: JsonField, value: unknown): JsonValue {
    if (field.kind === "list") {
      if (!Array.isArray(value)) throw new JsonError(`expected an array, not ${kindOf(value)}`);
      // Not by `map`, which leaves holes.
      return Array.from(value, (item: unknown, index) =>
        at(`[${index}]`, () => this.value(field.type, item)),
      );
    }
    if (field.key === undefined) return this.value(field.type, value);
    if (!isMap(value)) throw new JsonError(`expected a Map, not ${kindOf(value)}`);
    const object: JsonObject = {};
    for (const [key, item] of value) {
      const name = mapKeyToJson(field.key, key);
      setMember(
        object,
        name,
        at(`[${JSON.stringify(name)}]`, () => this.value(field.type, item)),
      );
    }
    return object;
  }

  private value(type: JsonValueType, value: unknown): JsonValue {
    if (typeof type === "string") return scalarToJson(type, value);
    if (typeof type !== "function") return this.enum(type, value);
    const messageType = type();
    if (!isRecord(value)) {
      throw new JsonError(`expected ${messageType.typeName}, not ${kindOf(value)}`);
    }
    return this.message(messageType, value as unknown as Message);
  }

  private enum(type: JsonEnum, value: unknown): JsonValue {
    if (typeof value !== "number" || value !== (value | 0)) {
      throw new JsonError(`expected ${type.typeName}, not ${kindOf(value)}`);
    }
    if (type.typeName === "google.protobuf.NullValue") return null;
    return this.options.enumNumbers ? value : (type.names.get(value) ?? value);
  }
}

/** What a field with presence has for a value that is not set. */
const ABSENT = Symbol("absent");

function valueOf(properties: Properties, { name, oneof, kind }: JsonField): unknown {
  if (oneof !== undefined) {
    const choice = properties[oneof] as { case?: string; value?: unknown };
    return choice.case === name ? choice.value : ABSENT;
  }
  const value = properties[name];
  return value === undefined && kind === "optional" ? ABSENT : value;
}

function checkChoice(oneof: string, members: ReadonlySet<string>, choice: unknown): void {
  if (!isRecord(choice)) {
    throw new JsonError(`expected an object with case and value, not ${kindOf(choice)}`, oneof);
  }
  if (choice.case !== undefined && !members.has(choice.case as string)) {
    throw new JsonError(`there is no case ${kindOf(choice.case)}`, oneof);
  }
}

/** Whether the value is what the field is without being set. */
function isDefault({ kind, key, oneof, type }: JsonField, value: unknown): boolean {
  if (kind === "list") return Array.isArray(value) && value.length === 0;
  if (key !== undefined) return isMap(value) && value.size === 0;
  if (kind === "optional" || oneof !== undefined || typeof type === "function") return false;
  switch (type) {
    case "bytes":
      return isBytes(value) && value.length === 0;
    case "string":
      return value === "";
    case "bool":
      return value === false;
    case "float":
    case "double":
      // -0 is not the default, although it equals it.
      return Object.is(value, 0);
    default:
      return typeof type === "string" && type.endsWith("64") ? value === BigInt(0) : value === 0;
  }
}
