import { type WasmMemory, WebAssembly } from "../../../wasm/web-assembly";

interface Exports {
  readonly memory: WasmMemory;
  malloc(size: number): number;
  free(address: number): void;
  _initialize(): void;
}

/** Calls a plugin with bytes: what it answers with, in hexadecimal digits, or the text of its error. */
export type RawCall = (rpc: string, request: Uint8Array) => string;

/** Starts a plugin that needs nothing of WASI but that it is there. */
export async function rawCalls(bytes: Uint8Array): Promise<RawCall> {
  const module = await WebAssembly.compile(bytes);
  const wasi = new Proxy({}, { get: () => () => 0 });
  const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi });
  const plugin = instance.exports as unknown as Exports;
  const rpcs = instance.exports as unknown as Readonly<
    Record<string, (address: number, size: number) => bigint>
  >;
  plugin._initialize();
  return (rpc, request) => {
    const address = plugin.malloc(request.length);
    new Uint8Array(plugin.memory.buffer).set(request, address);
    const result = BigInt.asUintN(64, rpcs[rpc]?.(address, request.length) ?? 0n);
    plugin.free(address);
    const start = Number(result >> 32n);
    const answer = Buffer.from(plugin.memory.buffer, start, Number(result & 0x7fffffffn));
    return (result & 0x80000000n) === 0n ? answer.toString("hex") : `error: ${answer.toString()}`;
  };
}
