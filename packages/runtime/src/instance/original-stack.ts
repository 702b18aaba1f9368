import type { PluginModule } from "../module/plugin-module.js";

/** A place in wasm, as engines with V8 write it: `wasm://wasm/4b2c:wasm-function[3]:0x1f`. */
const PLACE = /(wasm:\/\/[^\s()]*):wasm-function\[\d+\]:0x([0-9a-f]+)/g;

/**
 * The stack of an error with places of a metered module as they are in the original, for tools that look them up there.
 *
 * @param original tells where something at an offset of the metered module was
 */
export function originalStack(stack: string, original: (offset: number) => number): string {
  // What lies at the bottom is an export that the host called: others are imports, which are modules of the host's.
  const url = [...stack.matchAll(PLACE)].at(-1)?.[1];
  return stack.replace(PLACE, (place: string, module: string, offset: string) => {
    if (module !== url) return place;
    const there = original(Number.parseInt(offset, 16)).toString(16);
    return place.slice(0, -offset.length) + there;
  });
}

/** Makes the places in a trap's stack those of a rewritten module as its author has it. */
export function correctStack(thrown: unknown, module: PluginModule): void {
  const error = thrown as { stack?: unknown };
  // To find out what was where takes as long as to rewrite the module.
  if (typeof error.stack !== "string" || error.stack.search(PLACE) < 0) return;
  const original = module.originalOffsets();
  if (original !== undefined) error.stack = originalStack(error.stack, original);
}
