import { brand, hasBrand } from "../../errors/brand.js";
import { WireError } from "./wire-error.js";

/** What errors call a message and its fields. */
export interface Named {
  /** Fully qualified Protocol Buffers name. */
  readonly typeName: string;
  readonly fieldNames: Readonly<Record<number, string>>;
}

/**
 * What is wrong with a message, on its way out of the messages that it is in. Each of them adds the name of its field, so that
 * reading and writing need to keep no path while all goes well; the outermost makes a `WireError` of it.
 */
class Fault extends Error {
  static {
    // The messages of one package may be read by those of another copy of the runtime.
    brand(this, "Fault");
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return hasBrand(this, value);
  }

  constructor(
    reason: string,
    /** Tag of the field of the innermost message that was not left yet; 0 if it is none. */
    public tag: number,
    readonly offset: number | undefined,
    /** Names of the fields from the message that was left last on, each with a dot in front. */
    public path: string,
  ) {
    super(reason);
  }

  leave({ fieldNames }: Named): void {
    const number = this.tag >>> 3;
    if (number !== 0) this.path = `.${fieldNames[number] ?? number}${this.path}`;
  }
}

/**
 * @param tag tag of the field, 0 if it is that of none
 * @param offset in bytes from the start of the outermost message, if it is read
 */
export function raise(reason: string, tag: number, offset?: number): never {
  throw new Fault(reason, tag, offset, "");
}

/** As `raise`, for a oneof, which has a name and no tag. */
export function raiseIn(oneof: string, reason: string): never {
  throw new Fault(reason, 0, undefined, `.${oneof}`);
}

/** What to throw when `error` leaves a message of `type`, which is in the field of `tag` of another one. */
export function leaveMessage(error: unknown, type: Named, tag: number): unknown {
  if (error instanceof Fault) {
    error.leave(type);
    error.tag = tag;
  }
  return error;
}

/** What to throw when `error` leaves the outermost message. */
export function toWireError(error: unknown, type: Named): unknown {
  if (!(error instanceof Fault)) return error;
  error.leave(type);
  return new WireError(error.message, type.typeName + error.path, error.offset);
}
