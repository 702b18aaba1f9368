import type { MessageType } from "./message-type.js";
import { WireError } from "./wire-error.js";

/**
 * Where in a message a reader or writer is: the messages that it is inside of and the field in each. It is kept so that it
 * costs next to nothing while all goes well; only an error makes a path of it.
 */
export class Place {
  /** Index of the innermost message in `types`. */
  depth = 0;
  /** Index of the outermost message in `types`. */
  base = 0;
  /** The messages from the outermost to the innermost. */
  readonly types: Pick<MessageType, "typeName" | "fieldNames">[] = [];
  /** Tag of the field that leads to the next message, for all but the innermost. */
  readonly tags: number[] = [];
  /** Tag of the packed or map field whose block is open, else 0. */
  block = 0;

  /** An error with the path to the field of `tag` in the innermost message; no field if `tag` is 0. */
  error(reason: string, tag: number, offset?: number): WireError {
    this.tags[this.depth] = this.block || tag;
    let path = this.types[this.base]?.typeName ?? "";
    for (let i = this.base; i <= this.depth; i++) {
      const number = this.tags[i]! >>> 3;
      if (number !== 0) path += `.${this.types[i]?.fieldNames[number] ?? number}`;
    }
    return new WireError(reason, path, offset);
  }
}
