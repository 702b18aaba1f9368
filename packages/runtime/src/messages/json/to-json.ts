import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import { MAX_DEPTH } from "../wire/limits.js";
import { isBytes } from "../wire/writer.js";
import { at, JsonError, kindOf } from "./json-error.js";
import {
  jsonNameOf,
  jsonTypeOf,
  protoNameOf,
  type JsonEnum,
  type JsonField,
  type JsonValueType,
} from "./json-type.js";
import type { JsonObject, JsonValue, ToJsonOptions } from "./json-value.js";
import { scalarToJson } from "./scalar-json.js";
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

  hasSpecialForm({ typeName }: MessageType): boolean {
    return specialForm(typeName) !== undefined;
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
    for (const field of jsonTypeOf(type).fields) {
      const value = valueOf(properties, field);
      if (value === undefined || (!this.options.emitDefaults && isDefault(field, value))) continue;
      const name = this.options.protoNames ? protoNameOf(field) : jsonNameOf(field);
      object[name] = at(field.name, () => this.field(field, value));
    }
    return object;
  }

  private field(field: JsonField, value: unknown): JsonValue {
    if (field.kind === "list") {
      return (value as unknown[]).map((item, index) =>
        at(`[${index}]`, () => this.value(field.type, item)),
      );
    }
    if (field.key === undefined) return this.value(field.type, value);
    const object: JsonObject = {};
    for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
      const name = String(key);
      // As an own property even if it is called __proto__.
      Object.defineProperty(object, name, {
        value: at(`[${JSON.stringify(name)}]`, () => this.value(field.type, item)),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  }

  private value(type: JsonValueType, value: unknown): JsonValue {
    if (typeof type === "string") return scalarToJson(type, value);
    if (typeof type === "function") return this.message(type(), value as Message);
    return this.enum(type, value);
  }

  private enum(type: JsonEnum, value: unknown): JsonValue {
    if (typeof value !== "number")
      throw new JsonError(`expected ${type.typeName}, not ${kindOf(value)}`);
    if (type.typeName === "google.protobuf.NullValue") return null;
    return this.options.enumNumbers ? value : (type.names.get(value) ?? value);
  }
}

/** Value of a field; undefined if it has presence and is absent. */
function valueOf(properties: Properties, { name, oneof }: JsonField): unknown {
  if (oneof === undefined) return properties[name];
  const choice = properties[oneof] as { case?: string; value?: unknown };
  return choice.case === name ? choice.value : undefined;
}

/** Whether the value is what the field is without being set. */
function isDefault({ kind, key, oneof, type }: JsonField, value: unknown): boolean {
  if (kind === "list") return (value as unknown[]).length === 0;
  if (key !== undefined) return (value as ReadonlyMap<unknown, unknown>).size === 0;
  if (kind === "optional" || oneof !== undefined || typeof type === "function") return false;
  if (isBytes(value)) return value.length === 0;
  // -0 is not the default, although it equals it.
  return value === "" || value === false || value === BigInt(0) || Object.is(value, 0);
}
