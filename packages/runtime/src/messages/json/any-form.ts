import { decodeMessage } from "../wire/decode.js";
import type { Message } from "../wire/message.js";
import type { MessageType } from "../wire/message-type.js";
import { WireError } from "../wire/wire-error.js";
import { isBytes } from "../wire/js-value.js";
import { at, JsonError, kindOf } from "./json-error.js";
import { isObject, type ParsedJson } from "./parse-json.js";
import type { MessageRegistry } from "./registry.js";
import { scalarToJson } from "./scalar-json.js";
import { make, type SpecialForm } from "./special-form.js";

interface Any {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/**
 * The packed message with its type as `@type`; a type with a JSON form of its own is under `value`.
 *
 * @param hasForm whether a type has one, this one included
 */
export function anyForm(hasForm: (typeName: string) => boolean): SpecialForm {
  return {
    toJson(message, writer) {
      const { typeUrl, value } = message as unknown as Any;
      at("typeUrl", () => scalarToJson("string", typeUrl));
      if (!isBytes(value)) throw new JsonError(`expected bytes, not ${kindOf(value)}`, "value");
      if (typeUrl === "" && value.length === 0) return {};
      const type = find(writer.options.registry, typeUrl);
      const packed = unpack(type, value);
      if (hasForm(type.typeName)) {
        return { "@type": typeUrl, value: writer.message(type, packed) };
      }
      return writer.nested(() => ({ "@type": typeUrl, ...writer.fields(type, packed) }));
    },
    fromJson(type, json, reader) {
      if (!isObject(json)) throw new JsonError(`expected an object, not ${kindOf(json)}`);
      const { "@type": typeUrl, ...content } = json;
      if (typeUrl === undefined) {
        if (Object.keys(content).length === 0) return make(type, {});
        throw new JsonError('"@type" is missing');
      }
      if (typeof typeUrl !== "string")
        throw new JsonError(`"@type" must be a string, not ${kindOf(typeUrl)}`);
      const packedType = find(reader.options.registry, typeUrl);
      let packed: Message;
      if (!hasForm(packedType.typeName)) {
        packed = reader.message(packedType, isEmptyOfGo(packedType, content) ? {} : content);
      } else {
        const { value, ...rest } = content;
        const [unknown] = Object.keys(rest);
        if (value === undefined) throw new JsonError('"value" is missing');
        if (unknown !== undefined && !reader.options.ignoreUnknown) {
          throw new JsonError(`there is no field ${JSON.stringify(unknown)}`);
        }
        packed = reader.message(packedType, value);
      }
      return make(type, { typeUrl, value: packed.encode() });
    },
  };
}

/**
 * Go and others have `{}` as the `value` of an Empty, as if it had a form of its own; Java, C++ and the specification's table
 * have not.
 */
function isEmptyOfGo({ typeName }: MessageType, content: { [name: string]: ParsedJson }): boolean {
  if (typeName !== "google.protobuf.Empty") return false;
  const { value, ...rest } = content;
  if (value === undefined || !isObject(value)) return false;
  return Object.keys(value).length === 0 && Object.keys(rest).length === 0;
}

/** @throws JsonError if the bytes are not that message: then they have no JSON */
function unpack(type: MessageType, value: Uint8Array): Message {
  try {
    return decodeMessage(type, value);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new JsonError(`the bytes are no ${type.typeName}: ${error.message}`, "value");
  }
}

function find(registry: MessageRegistry | undefined, typeUrl: string): MessageType {
  const slash = typeUrl.lastIndexOf("/");
  if (slash < 0) {
    throw new JsonError(
      `the type URL ${kindOf(typeUrl)} has no "/" in front of the name of the type`,
    );
  }
  const name = typeUrl.slice(slash + 1);
  const type = registry?.get(name);
  if (type === undefined) {
    throw new JsonError(
      `${name} is not in the registry: pass { registry: createRegistry(…) } with its class`,
    );
  }
  return type;
}
