import type { Engine } from "../../platform/engine.js";

/** `TextEncoder` and `TextDecoder`, of UTF-8 alone: https://encoding.spec.whatwg.org */
export function addTextCoders(engine: Engine): void {
  class TextEncoder {
    readonly encoding = "utf-8";

    encode(text = ""): Uint8Array {
      const all = String(text);
      const bytes = new Uint8Array(all.length * 3);
      return bytes.slice(0, engine.utf8Write(bytes, all, 0));
    }

    encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
      let read = 0;
      let written = 0;
      for (const character of text) {
        const bytes = this.encode(character);
        if (written + bytes.length > target.length) break;
        target.set(bytes, written);
        read += character.length;
        written += bytes.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    readonly encoding = "utf-8";
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;

    constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
      if (!/^\s*(unicode-1-1-)?utf-?8\s*$/i.test(label)) {
        throw new RangeError(`TextDecoder knows only utf-8 here, not ${label}`);
      }
      this.fatal = fatal;
      this.ignoreBOM = ignoreBOM;
    }

    decode(input: ArrayBuffer | ArrayBufferView = new Uint8Array(0)): string {
      const bytes = ArrayBuffer.isView(input)
        ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
        : new Uint8Array(input);
      const text = engine.utf8Read(bytes, 0, bytes.length) ?? this.replaceFaults(bytes);
      return this.ignoreBOM ? text : text.replace(/^\ufeff/, "");
    }

    private replaceFaults(bytes: Uint8Array): string {
      if (this.fatal) throw new TypeError("these bytes are no UTF-8");
      let text = "";
      for (let start = 0; start < bytes.length; ) {
        const [size, part] = nextPart(bytes, start);
        text += part;
        start += size;
      }
      return text;
    }
  }

  /** A character, or the longest beginning of one, which becomes U+FFFD; and how many bytes it has. */
  function nextPart(bytes: Uint8Array, start: number): [number, string] {
    for (let size = 1; size <= 4; size++) {
      const text = engine.utf8Read(bytes, start, start + size);
      if (text !== undefined) return [size, text];
    }
    const lead = bytes[start] ?? 0;
    const more = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    let size = 1;
    while (size <= more && isContinuation(lead, bytes[start + size], size)) size++;
    return [size, "\ufffd"];
  }

  Object.assign(globalThis, { TextEncoder, TextDecoder });
}

/** https://encoding.spec.whatwg.org/#utf-8-decoder: the second byte has bounds of its own after some leads. */
function isContinuation(lead: number, byte: number | undefined, index: number): boolean {
  if (byte === undefined) return false;
  const low = index > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = index > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}
