import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import { MAX_DEPTH } from "../wire/limits.js";
import { at, JsonError, kindOf } from "./json-error.js";
import { jsonTypeOf, type JsonEnum, type JsonField, type JsonValueType } from "./json-type.js";
import type { FromJsonOptions, JsonValue } from "./json-value.js";
import { isObject, parseJson, type ParsedJson } from "./parse-json.js";
import { mapKeyFromJson, scalarFromJson } from "./scalar-json.js";
import type { FormReader } from "./special-form.js";
import { specialForm } from "./special-forms.js";

/** What a value is read as that is to be left out. */
const SKIPPED = Symbol("skipped");

/**
 * Reads a message from its proto3 JSON: https://protobuf.dev/programming-guides/json/
 *
 * @param json as `JSON.parse` returns it
 * @throws JsonError with the path of what is wrong
 */
export function messageFromJson<T extends Message>(
  type: MessageType<T>,
  json: JsonValue,
  options: FromJsonOptions = {},
): T {
  return fromParsed(type, json, options);
}

/**
 * As `messageFromJson`, from a text. Beyond `JSON.parse`, 64-bit numbers without quotes are exact, and a name that occurs
 * twice is an error.
 *
 * @throws JsonError with line and column if the text is no JSON, else with the path of what is wrong
 */
export function messageFromJsonString<T extends Message>(
  type: MessageType<T>,
  text: string,
  options: FromJsonOptions = {},
): T {
  return fromParsed(type, parseJson(text), options);
}

function fromParsed<T extends Message>(
  type: MessageType<T>,
  json: ParsedJson,
  options: FromJsonOptions,
): T {
  return at(type.typeName, () => new JsonReader(options).message(type, json) as T);
}

/** Reads one JSON value as a message. */
class JsonReader implements FormReader {
  private depth = 0;

  constructor(readonly options: FromJsonOptions) {}

  message(type: MessageType, json: ParsedJson): Message {
    if (++this.depth > MAX_DEPTH) {
      throw new JsonError(`messages are nested deeper than ${MAX_DEPTH} levels`);
    }
    const special = specialForm(type.typeName);
    const message =
      special === undefined ? this.fields(type, json) : special.fromJson(type, json, this);
    this.depth--;
    return message;
  }

  private fields(type: MessageType, json: ParsedJson): Message {
    if (!isObject(json)) throw new JsonError(`expected an object, not ${kindOf(json)}`);
    const init: Record<string, unknown> = {};
    const { byName } = jsonTypeOf(type);
    const seen = new Set<JsonField>();
    for (const [name, value] of Object.entries(json)) {
      const field = byName.get(name);
      if (field === undefined) {
        if (this.options.ignoreUnknown) continue;
        throw new JsonError(`there is no field ${JSON.stringify(name)}`);
      }
      at(field.name, () => {
        if (seen.has(field)) throw new JsonError("the field occurs twice, under both of its names");
        seen.add(field);
        this.field(field, value, init);
      });
    }
    return new (type as MessageType)(init);
  }

  private field(field: JsonField, json: ParsedJson, init: Record<string, unknown>): void {
    if (json === null && !takesNull(field)) return;
    const value = this.fieldValue(field, json);
    if (value === SKIPPED) return;
    if (field.oneof === undefined) {
      init[field.name] = value;
      return;
    }
    if (init[field.oneof] !== undefined) {
      const other = (init[field.oneof] as { case: string }).case;
      throw new JsonError(`only one of ${other} and ${field.name} can be set`);
    }
    init[field.oneof] = { case: field.name, value };
  }

  private fieldValue(field: JsonField, json: ParsedJson): unknown {
    if (field.kind === "list") {
      if (!Array.isArray(json)) throw new JsonError(`expected an array, not ${kindOf(json)}`);
      return json
        .map((item, index) => at(`[${index}]`, () => this.value(field.type, item)))
        .filter((item) => item !== SKIPPED);
    }
    const { key } = field;
    if (key === undefined) return this.value(field.type, json);
    if (!isObject(json)) throw new JsonError(`expected an object, not ${kindOf(json)}`);
    const map = new Map<unknown, unknown>();
    for (const [name, item] of Object.entries(json)) {
      at(`[${JSON.stringify(name)}]`, () => {
        const value = this.value(field.type, item);
        const entry = mapKeyFromJson(key, name);
        if (map.has(entry)) throw new JsonError("the key occurs twice");
        if (value !== SKIPPED) map.set(entry, value);
      });
    }
    return map;
  }

  private value(type: JsonValueType, json: ParsedJson): unknown {
    if (typeof type === "function") return this.message(type(), json);
    if (typeof type === "string") return scalarFromJson(type, json);
    return this.enum(type, json);
  }

  private enum(type: JsonEnum, json: ParsedJson): unknown {
    if (type.typeName === "google.protobuf.NullValue" && json === null) return 0;
    if (typeof json === "string") {
      const number = type.numbers.get(json);
      if (number !== undefined) return number;
      if (this.options.ignoreUnknown) return SKIPPED;
    }
    if (typeof json === "number") return scalarFromJson("int32", json);
    throw new JsonError(`expected a name or number of ${type.typeName}, not ${kindOf(json)}`);
  }
}

/** Whether null is a value of the field rather than the lack of one. */
function takesNull({ type, kind, key }: JsonField): boolean {
  if (kind === "list" || key !== undefined || typeof type === "string") return false;
  const name = typeof type === "function" ? type().typeName : type.typeName;
  return name === "google.protobuf.Value" || name === "google.protobuf.NullValue";
}
