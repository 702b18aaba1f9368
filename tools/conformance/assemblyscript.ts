import { readFileSync } from "node:fs";

import { serve } from "./testee.js";

// The plugin lies beside this file once it is bundled.
const module = new WebAssembly.Module(readFileSync(new URL("./plugin.wasm", import.meta.url)));

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  malloc(size: number): number;
  free(address: number): void;
  tester_reencode(address: number, size: number): bigint;
}

const { exports } = new WebAssembly.Instance(module, {
  wasi_snapshot_preview1: new Proxy({}, { get: () => () => 0 }),
});
const plugin = exports as unknown as Exports;
plugin._initialize();

serve(({ payload, output }) => {
  if (payload.case !== "protobufPayload" || output !== "protobuf") {
    return { case: "skipped", value: "plugins have no JSON" };
  }
  const { value } = payload;
  const address = plugin.malloc(value.length);
  new Uint8Array(plugin.memory.buffer).set(value, address);
  const result = BigInt.asUintN(64, plugin.tester_reencode(address, value.length));
  plugin.free(address);
  const size = Number(result & 0x7fffffffn);
  const bytes = new Uint8Array(plugin.memory.buffer, Number(result >> 32n), size).slice();
  return (result & 0x80000000n) === 0n
    ? { case: "protobufPayload", value: bytes }
    : { case: "parseError", value: Buffer.from(bytes).toString() };
});
