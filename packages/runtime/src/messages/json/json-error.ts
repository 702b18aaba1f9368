import { brand } from "../../errors/brand.js";
import { WplugError } from "../../errors/wplug-error.js";
import { shortened } from "../wire/js-value.js";

/** JSON that is not the proto3 JSON of a message, or a message that has no JSON form. */
export class JsonError extends WplugError {
  static {
    brand(this, "JsonError");
  }

  /** What is wrong, without the place. */
  readonly reason: string;
  /** The message and the fields that lead to the place: `shop.v1.Order.items[3].price`. */
  readonly path: string;

  constructor(reason: string, path = "") {
    super(path === "" ? reason : `${path}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }

  /** The same, one level further out. */
  within(outer: string): JsonError {
    const dot = this.path === "" || this.path.startsWith("[") ? "" : ".";
    return new JsonError(this.reason, outer + dot + this.path);
  }
}

/** Runs `body`; an error of it is one of the part of the message that `outer` names. */
export function at<T>(outer: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof JsonError ? error.within(outer) : error;
  }
}

/** For messages: what a value of JSON is. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "object":
      return "an object";
    case "string":
      return value.length > 40 ? `"${value.slice(0, 40)}…"` : JSON.stringify(value);
    case "function":
      return "a function";
    default:
      return shortened(String(value));
  }
}
