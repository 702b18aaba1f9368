import { brand } from "../../errors/brand.js";
import { WplugError } from "../../errors/wplug-error.js";

/** Bytes that are no valid message, or a message that can't be written. */
export class WireError extends WplugError {
  static {
    brand(this, "WireError");
  }

  /** What is wrong, without the place. */
  readonly reason: string;
  /** When decoding: distance in bytes from the start of the message to the place of the error. */
  readonly offset: number | undefined;
  /** The message and the fields that lead to the place: `shop.v1.Order.lines.price`. */
  readonly path: string;

  constructor(reason: string, path = "", offset?: number) {
    const place = offset === undefined ? "" : ` (at byte ${offset})`;
    super(`${path === "" ? "" : `${path}: `}${reason}${place}`);
    this.reason = reason;
    this.path = path;
    this.offset = offset;
  }
}
