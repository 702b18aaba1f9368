import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** QuickJS-ng with the ABI of wplug, as tools/typescript-engine makes it. */
export function engineBytes(): Promise<Uint8Array> {
  return readFile(join(__dirname, "engine/engine.wasm"));
}
