import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** QuickJS-ng with the ABI of wplug, as tools/typescript-engine makes it. */
export function engineBytes(): Promise<Uint8Array> {
  return readFile(join(__dirname, "engine/engine.wasm"));
}

/** The version of QuickJS-ng in it: `0.16.2`. */
export async function engineVersion(): Promise<string> {
  const facts = await readFile(join(__dirname, "engine/engine.json"), "utf8");
  return (JSON.parse(facts) as { readonly quickjs: string }).quickjs;
}
