/** Size of a part in bytes; longer letters come in several. */
const PART = 1 << 16;

// Words of the header.
const STATE = 0;
const LENGTH = 1;
const MORE = 2;
const HEADER = 16;

const EMPTY = 0;
const FULL = 1;

/**
 * How the host's thread reaches a worker that waits and can't receive messages: shared memory for one part of a letter
 * at a time.
 */
export class Mailbox {
  readonly buffer: SharedArrayBuffer;
  private readonly header: Int32Array;
  private readonly part: Uint8Array;
  private letter: Uint8Array = new Uint8Array(0);

  constructor(buffer = new SharedArrayBuffer(HEADER + PART)) {
    this.buffer = buffer;
    this.header = new Int32Array(buffer, 0, HEADER / 4);
    this.part = new Uint8Array(buffer, HEADER);
  }

  /** In the host's thread: puts the first part in. The others follow as the worker asks for `more`. */
  send(letter: Uint8Array): void {
    this.letter = letter;
    this.sendPart();
  }

  sendPart(): void {
    const part = this.letter.subarray(0, PART);
    this.letter = this.letter.subarray(part.length);
    this.part.set(part);
    this.header[LENGTH] = part.length;
    this.header[MORE] = this.letter.length > 0 ? 1 : 0;
    Atomics.store(this.header, STATE, FULL);
    Atomics.notify(this.header, STATE);
  }

  /** In the worker: waits for a whole letter. */
  receive(askForMore: () => void): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      // More than once: the host's thread may be interrupted between its store and its notify, so that the notify for a part
      // that was read long ago ends a later wait.
      while (Atomics.load(this.header, STATE) === EMPTY) Atomics.wait(this.header, STATE, EMPTY);
      const part = this.part.slice(0, this.header[LENGTH]);
      const more = this.header[MORE] === 1;
      Atomics.store(this.header, STATE, EMPTY);
      parts.push(part);
      size += part.length;
      if (!more) break;
      askForMore();
    }
    const letter = new Uint8Array(size);
    let position = 0;
    for (const part of parts) {
      letter.set(part, position);
      position += part.length;
    }
    return letter;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A letter: the size of its head, the head in JSON, bytes. */
export function writeLetter(head: object, bytes: Uint8Array): Uint8Array {
  const text = encoder.encode(JSON.stringify(head));
  const letter = new Uint8Array(4 + text.length + bytes.length);
  new DataView(letter.buffer).setUint32(0, text.length);
  letter.set(text, 4);
  letter.set(bytes, 4 + text.length);
  return letter;
}

export function readLetter<T>(letter: Uint8Array): {
  readonly head: T;
  readonly bytes: Uint8Array;
} {
  const size = new DataView(letter.buffer, letter.byteOffset).getUint32(0);
  const head = JSON.parse(decoder.decode(letter.subarray(4, 4 + size))) as T;
  return { head, bytes: letter.subarray(4 + size) };
}
