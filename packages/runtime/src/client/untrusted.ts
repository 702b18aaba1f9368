import type { Limits } from "../options/limits.js";
import type { LoadOptions } from "../options/load-options.js";

/** A limit that is added gets its value here: the type asks for it. */
const LIMITS = {
  time: 1000,
  memory: 64 << 20,
  message: 4 << 20,
  decoded: 64 << 20,
  output: 1 << 20,
  depth: 16,
} satisfies Required<Omit<Limits, "fuel" | "slice">>;

/**
 * Options for a plugin that nobody has looked at: it runs in a worker, where it can be killed, and each call, and the start, may
 * take 1 second, 64 MiB of memory in the plugin, messages of 4 MiB that make 64 MiB of objects in the host, 1 MiB of output, and call
 * each other 16 times deep. `fuel` and `slice` are not needed in a worker.
 *
 *     GreeterPlugin.load(file, untrusted());
 *     GreeterPlugin.load(file, { ...untrusted({ time: 200 }), host });
 *
 * On Bun, which ends no thread while wasm runs in it, that is refused at load: give `isolation: "inline"` beside it there.
 *
 * @param limits that are to be others; `undefined` takes one away
 */
export function untrusted(limits: Limits = {}): LoadOptions {
  return { isolation: "worker", limits: { ...LIMITS, ...limits } };
}
