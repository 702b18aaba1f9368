import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import { isMap, isRecord } from "../wire/js-value.js";
import { at, JsonError, kindOf } from "./json-error.js";
import { jsonTypeOf } from "./json-type.js";
import { setMember, type JsonObject, type JsonValue } from "./json-value.js";
import { isObject, type ParsedJson } from "./parse-json.js";
import { checkedString, mapKeyToJson, scalarFromJson, scalarToJson } from "./scalar-json.js";
import { make, type FormReader, type FormWriter, type SpecialForm } from "./special-form.js";

type Kind =
  | { readonly case: "nullValue" }
  | { readonly case: "numberValue"; readonly value: number }
  | { readonly case: "stringValue"; readonly value: string }
  | { readonly case: "boolValue"; readonly value: boolean }
  | { readonly case: "structValue" | "listValue"; readonly value: Message }
  | { readonly case: undefined };

/** Any JSON object. */
export const structForm: SpecialForm = {
  toJson(message, writer) {
    const { fields } = message as unknown as { fields: unknown };
    if (!isMap(fields)) throw new JsonError(`expected a Map, not ${kindOf(fields)}`);
    const object: JsonObject = {};
    for (const [key, value] of fields) {
      const name = mapKeyToJson("string", key);
      setMember(
        object,
        name,
        at(`[${JSON.stringify(name)}]`, () => nested(value, writer, valueForm)),
      );
    }
    return object;
  },
  fromJson(type, json, reader) {
    if (!isObject(json)) throw new JsonError(`expected an object, not ${kindOf(json)}`);
    const valueType = typeOfField(type, "fields");
    const fields = new Map<string, Message>();
    for (const [key, value] of Object.entries(json)) {
      at(`[${JSON.stringify(key)}]`, () => {
        fields.set(checkedString(key), reader.message(valueType, value));
      });
    }
    return make(type, { fields });
  },
};

/** Any JSON array. */
export const listValueForm: SpecialForm = {
  toJson(message, writer) {
    const { values } = message as unknown as { values: unknown };
    if (!Array.isArray(values)) throw new JsonError(`expected an array, not ${kindOf(values)}`);
    return Array.from(values, (value: unknown, index) =>
      at(`[${index}]`, () => nested(value, writer, valueForm)),
    );
  },
  fromJson(type, json, reader) {
    if (!Array.isArray(json)) throw new JsonError(`expected an array, not ${kindOf(json)}`);
    const valueType = typeOfField(type, "values");
    const values = json.map((value, index) =>
      at(`[${index}]`, () => reader.message(valueType, value)),
    );
    return make(type, { values });
  },
};

/** Any JSON value. */
export const valueForm: SpecialForm = {
  toJson(message, writer) {
    const { kind } = message as unknown as { kind: Kind };
    if (!isRecord(kind)) {
      throw new JsonError(`expected an object with case and value, not ${kindOf(kind)}`);
    }
    switch (kind.case) {
      case "nullValue":
        return null;
      case "numberValue": {
        const number = scalarToJson("double", kind.value);
        if (typeof number !== "number") throw new JsonError(`JSON has no number ${number}`);
        return number;
      }
      case "stringValue":
        return scalarToJson("string", kind.value);
      case "boolValue":
        return scalarToJson("bool", kind.value);
      case "structValue":
        return nested(kind.value, writer, structForm);
      case "listValue":
        return nested(kind.value, writer, listValueForm);
      case undefined:
        throw new JsonError('the value has no kind: null is { case: "nullValue", value: 0 }');
      default:
        throw new JsonError(`there is no case ${kindOf((kind as { case: unknown }).case)}`);
    }
  },
  fromJson(type, json, reader) {
    return make(type, { kind: kindFromJson(type, json, reader) });
  },
};

function kindFromJson(type: MessageType, json: ParsedJson, reader: FormReader): object {
  switch (typeof json) {
    case "string":
      return { case: "stringValue", value: checkedString(json) };
    case "boolean":
      return { case: "boolValue", value: json };
    case "number":
    case "bigint":
      return { case: "numberValue", value: scalarFromJson("double", json) };
  }
  if (json === null) return { case: "nullValue", value: 0 };
  if (typeof json !== "object")
    throw new JsonError(`expected a value of JSON, not ${kindOf(json)}`);
  const name = Array.isArray(json) ? "listValue" : "structValue";
  return { case: name, value: reader.message(typeOfField(type, name), json) };
}

/** Writes a message of which the form is known; through the writer, which counts the depth. */
function nested(message: unknown, writer: FormWriter, form: SpecialForm): JsonValue {
  if (!isRecord(message)) throw new JsonError(`expected a message, not ${kindOf(message)}`);
  return writer.nested(() => form.toJson(message as unknown as Message, writer));
}

/** The class that a field of a generated class holds. */
function typeOfField(type: MessageType, name: string): MessageType {
  const field = jsonTypeOf(type).fields.find((it) => it.name === name);
  if (typeof field?.type !== "function") throw new Error(`${type.typeName} has no message ${name}`);
  return field.type();
}
