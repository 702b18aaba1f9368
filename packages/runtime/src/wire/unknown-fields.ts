import type { Message } from "./message-type.js";

/**
 * Where in the bytes being read the unknown fields of each message lie. They are copied once, when all is read:
 * to append them one by one would take quadratic time.
 */
export class UnknownFields {
  /** Start and end in turn, by message. */
  private readonly ranges = new Map<Message, number[]>();
  private lastMessage: Message | undefined;
  private lastRanges: number[] = [];

  add(message: Message, start: number, end: number): void {
    if (message !== this.lastMessage) {
      this.lastMessage = message;
      this.lastRanges = this.ranges.get(message) ?? [];
      this.ranges.set(message, this.lastRanges);
    }
    const ranges = this.lastRanges;
    if (ranges[ranges.length - 1] === start) ranges[ranges.length - 1] = end;
    else ranges.push(start, end);
  }

  /** Appends the fields to what the messages had before. */
  assign(buffer: Uint8Array): void {
    if (this.lastMessage === undefined) return;
    for (const [message, ranges] of this.ranges) {
      const before = message.$unknown;
      let size = before?.length ?? 0;
      for (let i = 0; i < ranges.length; i += 2) size += ranges[i + 1]! - ranges[i]!;
      const all = new Uint8Array(size);
      let position = 0;
      if (before !== undefined) {
        all.set(before);
        position = before.length;
      }
      for (let i = 0; i < ranges.length; i += 2) {
        const part = buffer.subarray(ranges[i], ranges[i + 1]);
        all.set(part, position);
        position += part.length;
      }
      message.$unknown = all;
    }
  }

  clear(): void {
    if (this.lastMessage === undefined) return;
    this.ranges.clear();
    this.lastMessage = undefined;
    this.lastRanges = [];
  }
}
