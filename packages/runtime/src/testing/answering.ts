import { PluginClient, type LoadOptions } from "../index.js";
import { Everything } from "./everything.js";
import { service } from "./greeter-client.js";
import { greeter, wat } from "./wat.js";

/** A greeter that answers with an Everything. */
const everythingService = {
  ...service,
  methods: { sayHello: { ...service.methods.sayHello, output: Everything } },
};

export class EverythingPlugin extends PluginClient {
  static async load(source: Uint8Array, options: LoadOptions): Promise<EverythingPlugin> {
    return new EverythingPlugin(await PluginClient.open(source, everythingService, options));
  }

  sayHello(name = "a"): Promise<Everything> {
    return this.call(everythingService.methods.sayHello, { name });
  }
}

export const MIB = 1 << 20;
export const START = 65536;

/**
 * Fills the memory from `START` on with copies of some bytes, up to `size` bytes, and ends with that in $size. `count` writes the
 * number of the copy, 4 bytes, over a place of each.
 */
export function fill(pattern: readonly number[], size: number, count?: number): string {
  const stores = pattern
    .map((byte, i) => `(i32.store8 offset=${i} (local.get $to) (i32.const ${byte}))`)
    .join("\n");
  const { length } = pattern;
  // Five bytes of a varint with 28 bits of the number, the last always there.
  const counted = [0, 7, 14, 21]
    .map(
      (shift, i) =>
        `(i32.store8 offset=${(count ?? 0) + i} (local.get $to) (i32.or (i32.const 128) (i32.shr_u (local.get $n) (i32.const ${shift}))))`,
    )
    .join("\n");
  return `(local $to i32) (local $n i32)
    (local.set $to (i32.const ${START}))
    (loop $next
      ${stores}
      ${count === undefined ? "" : counted}
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (local.set $to (i32.add (local.get $to) (i32.const ${length})))
      (br_if $next (i32.le_u (local.get $to) (i32.const ${START + size - length}))))
    (local.set $size (i32.sub (local.get $to) (i32.const ${START})))`;
}

export const withRoom = (text: string, size: number): string =>
  text.replace(`(memory (export "memory") 1)`, `(memory (export "memory") ${size / 65536 + 2})`);

/** A plugin that answers with copies of some bytes, behind a head. */
export function answering(
  pattern: readonly number[],
  size: number,
  count?: number,
): Promise<Uint8Array> {
  const sayHello = `${fill(pattern, size, count)} (call $answer (i32.const ${START}) (local.get $size))`;
  return wat(withRoom(greeter({ sayHello }), size));
}

/** As `answering`, with all copies in one field: a tag of two bytes and a length of four. */
export function answeringBlock(
  tag: readonly [number, number],
  pattern: readonly number[],
  size: number,
): Promise<Uint8Array> {
  const length = [0, 7, 14, 21].map(
    (shift, i) =>
      `(i32.store8 (i32.const ${START - 4 + i}) (i32.or (i32.const ${i < 3 ? 128 : 0}) (i32.and (i32.const 127) (i32.shr_u (local.get $size) (i32.const ${shift})))))`,
  );
  const sayHello = `${fill(pattern, size)} ${length.join("\n")}
    (i32.store8 (i32.const ${START - 6}) (i32.const ${tag[0]}))
    (i32.store8 (i32.const ${START - 5}) (i32.const ${tag[1]}))
    (call $answer (i32.const ${START - 6}) (i32.add (local.get $size) (i32.const 6)))`;
  return wat(withRoom(greeter({ sayHello }), size));
}

/** An item of a list of messages, with nothing in it. */
export const EMPTY_ITEM = [0x9a, 0x01, 0x00];
