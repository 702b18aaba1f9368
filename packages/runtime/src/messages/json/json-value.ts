import type { MessageRegistry } from "./registry.js";

/** What `JSON.parse` can return. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  [name: string]: JsonValue;
}

/** How messages are written as proto3 JSON. */
export interface ToJsonOptions {
  /** Writes fields without presence also when they have their default value. Default: false. */
  readonly emitDefaults?: boolean;
  /** Names of fields as in the proto file (`user_id`) instead of lowerCamelCase. Default: false. */
  readonly protoNames?: boolean;
  /** Numbers of enums instead of their names. Default: false. */
  readonly enumNumbers?: boolean;
  /** The messages that a `google.protobuf.Any` may hold. */
  readonly registry?: MessageRegistry;
}

/** How messages are read from proto3 JSON. */
export interface FromJsonOptions {
  /** Skips fields and names of enum values that are not known, instead of failing. Default: false. */
  readonly ignoreUnknown?: boolean;
  /** The messages that a `google.protobuf.Any` may hold. */
  readonly registry?: MessageRegistry;
}

/** Sets a member of an object of JSON, as an own property also if it is called `__proto__`. */
export function setMember(object: JsonObject, name: string, value: JsonValue): void {
  if (name !== "__proto__") object[name] = value;
  else
    Object.defineProperty(object, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
