import { readFileSync } from "node:fs";

type Rpc = (address: number, size: number) => bigint;

/** A plugin called with bytes instead of messages: nothing of the host runtime is between the caller and the ABI. */
export class RawPlugin {
  private readonly exports: {
    readonly memory: WebAssembly.Memory;
    readonly malloc: (size: number) => number;
    readonly free: (address: number) => void;
    readonly _initialize: () => void;
  };

  constructor(file: URL) {
    const module = new WebAssembly.Module(readFileSync(file));
    // What is tested needs nothing of WASI but that it is there.
    const wasi = new Proxy({}, { get: () => () => 0 });
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi });
    this.exports = exports as unknown as typeof this.exports;
    this.exports._initialize();
  }

  /** @throws Error with the text of an error answer; WebAssembly.RuntimeError if the plugin traps */
  call(name: string, request: Uint8Array): Uint8Array {
    const { memory, malloc, free } = this.exports;
    const address = malloc(request.length);
    new Uint8Array(memory.buffer).set(request, address);
    const rpc = (this.exports as unknown as Record<string, Rpc>)[name] as Rpc;
    const result = BigInt.asUintN(64, rpc(address, request.length));
    free(address);
    const size = Number(result & 0x7fffffffn);
    const bytes = new Uint8Array(memory.buffer, Number(result >> 32n), size).slice();
    if ((result & 0x80000000n) !== 0n) throw new Error(Buffer.from(bytes).toString());
    return bytes;
  }
}
