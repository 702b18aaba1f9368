import type { LoadOptions } from "../index.js";
import { GreeterPlugin } from "./greeter-client.js";
import { greeter, wat, type Parts } from "./wat.js";

export const FOREVER = `(loop $again (br $again)) unreachable`;
export const ASK = `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`;
/** Asks the host function `env.ask` with its request, and answers with that answer. */
export const ASK_ONCE: Parts = {
  imports: ASK,
  sayHello: `(call $ask (local.get $ptr) (local.get $size))`,
};

/** Loads a plugin that is made of parts, and lets go of it in the end. */
export async function use<R>(
  parts: Parts | string,
  options: LoadOptions,
  code: (plugin: GreeterPlugin) => Promise<R>,
): Promise<R> {
  const bytes = await wat(typeof parts === "string" ? parts : greeter(parts));
  await using plugin = await GreeterPlugin.load(bytes, { stderr: null, ...options });
  return await code(plugin);
}

export const call = (parts: Parts | string, options: LoadOptions): Promise<{ name: string }> =>
  use(parts, options, (plugin) => plugin.sayHello({ name: "a" }));

export async function expectError(
  parts: Parts | string,
  options: LoadOptions,
  name: string,
  message = "",
): Promise<void> {
  await expect(call(parts, options)).rejects.toMatchObject({
    name,
    message: expect.stringContaining(message) as string,
  });
}

/** A greeter that answers with the number that an expression has, as the length of a name of that many "x". */
export function counting(imports: string, expression: string): Parts {
  return {
    imports,
    sayHello: `(local $count i32) (local.set $count ${expression})
      (i32.store8 (i32.const 8000) (i32.const 10)) (i32.store8 (i32.const 8001) (local.get $count))
      (memory.fill (i32.const 8002) (i32.const 120) (local.get $count))
      (call $answer (i32.const 8000) (i32.add (local.get $count) (i32.const 2)))`,
  };
}

export const count = async (parts: Parts, options: LoadOptions): Promise<number> =>
  (await call(parts, options)).name.length;

export const wasi = (name: string, parameters: string): string =>
  `(import "wasi_snapshot_preview1" "${name}" (func $wasi (param ${parameters}) (result i32)))`;

/** How often the event loop had its turn while a call ran, which took so many milliseconds at least. */
export async function turnsDuring(run: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await run().catch(() => {});
  clearInterval(timer);
  return turns;
}
