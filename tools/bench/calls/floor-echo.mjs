/** A call of the floor: copy in, call, copy out. */
export function floorEcho({ memory, malloc, free, echo }) {
  let view = new Uint8Array(memory.buffer);
  return (bytes) => {
    const pointer = malloc(bytes.length);
    if (view.length === 0) view = new Uint8Array(memory.buffer);
    view.set(bytes, pointer);
    const result = BigInt.asUintN(64, echo(pointer, bytes.length));
    const at = Number(result >> 32n);
    if (view.length === 0) view = new Uint8Array(memory.buffer);
    const answer = view.slice(at, at + Number(result & 0xffffffffn));
    free(at);
    free(pointer);
    return answer;
  };
}
