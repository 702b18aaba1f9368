/** A piece of memory that a module begins with. */
export interface DataSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Bytes that a segment takes beside its content, at most: zeros in between may be cheaper. */
const OVERHEAD = 24;

/** What of a memory is not zero, as few bytes as it takes. */
export function dataSegments(memory: Uint8Array): DataSegment[] {
  const words = new Uint32Array(memory.buffer, memory.byteOffset, memory.byteLength >> 2);
  const segments: DataSegment[] = [];
  let start = -1;
  let end = 0;
  const close = () => {
    if (start < 0) return;
    segments.push({ address: start * 4, bytes: memory.subarray(start * 4, end * 4) });
  };
  words.forEach((word, index) => {
    if (word === 0) return;
    if (start < 0 || (index - end) * 4 > OVERHEAD) {
      close();
      start = index;
    }
    end = index + 1;
  });
  close();
  return segments;
}
