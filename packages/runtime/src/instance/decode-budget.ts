import { PluginLimitError } from "../errors/plugin-errors.js";
import { PORTION, type ReadBudget } from "../messages/wire/read-budget.js";

const WORD = 8;
/** Bytes that any message of a plugin may make: short lists of messages with nothing in them are no attack. */
const ALWAYS = 64 << 20;
/** Bytes that it may make for each of its own beyond those: most messages make 5 in all, a google.protobuf.Struct up to 29. */
const PER_BYTE = 32;
/** Bytes that it may make beyond its own: engines end the process when their heap is full, which often has 2 GiB. */
const MOST = 256 << 20;

/** Who sent it: a call answers, and host functions are asked. */
export type DecodedKind = "answer" | "request";

/** Bounds what the messages of a plugin make in the host when they are read, and for how long they are read. */
export class DecodeBudget implements ReadBudget {
  readonly portion: number;
  private readonly limit: number | undefined;
  private readonly lookAtTime: () => void;
  /** What is read. */
  private name = "";
  private kind: DecodedKind = "answer";
  private size = 0;
  /** Words of 8 bytes that were made of it. */
  private made = 0;

  /**
   * @param limit bytes of `limits.decoded`
   * @param lookAtTime throws what ends the call if that has taken too long
   */
  constructor(limit: number | undefined, lookAtTime: () => void) {
    this.limit = limit;
    this.lookAtTime = lookAtTime;
    this.portion = Math.min(PORTION, Math.floor((limit ?? Infinity) / WORD));
  }

  /**
   * The budget of one message.
   *
   * @param name of the method or host function, for errors
   * @param size of the message in bytes
   */
  of(name: string, kind: DecodedKind, size: number): this {
    this.name = name;
    this.kind = kind;
    this.size = size;
    this.made = 0;
    return this;
  }

  more(room: number): number {
    this.made += this.portion - room;
    this.lookAtTime();
    const most = this.limit ?? defaultLimit(this.size);
    if (this.made * WORD > most) throw this.exceeded(most);
    return this.portion;
  }

  private exceeded(most: number): PluginLimitError {
    const { name, kind, size } = this;
    const action = kind === "answer" ? `${name} answered with` : `the plugin sent to ${name}`;
    return new PluginLimitError(
      `${action} ${size} bytes that would make more than ${most} bytes of objects in the host (limits.decoded)`,
    );
  }
}

/** Texts, bytes and lists of doubles take as much as they have on the wire, which no limit but that of messages has to bound. */
function defaultLimit(size: number): number {
  return size + Math.min(MOST, ALWAYS + PER_BYTE * size);
}
