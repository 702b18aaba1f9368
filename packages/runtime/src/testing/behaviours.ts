import { setTimeout as delay } from "node:timers/promises";

import type { LoadOptions } from "../index.js";
import { askLibrary } from "./ask.js";
import type { Inner } from "./everything.js";
import type { GreeterPlugin } from "./greeter-client.js";
import type { Parts } from "./wat.js";

/**
 * A plugin that does what the first letter of a name says: `t` traps, `l` loops for ever, `h` asks the host function and
 * answers with its answer; any other is answered with itself.
 */
export const BEHAVIOURS: Parts = {
  imports: `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`,
  sayHello: `
    (local $letter i32)
    (if (i32.gt_u (local.get $size) (i32.const 2))
      (then (local.set $letter (i32.load8_u offset=2 (local.get $ptr)))))
    (if (i32.eq (local.get $letter) (i32.const ${"t".charCodeAt(0)})) (then unreachable))
    (if (i32.eq (local.get $letter) (i32.const ${"l".charCodeAt(0)})) (then (loop $again (br $again))))
    (if (i32.eq (local.get $letter) (i32.const ${"h".charCodeAt(0)}))
      (then (return (call $ask (local.get $ptr) (local.get $size)))))
    (call $answer (call $copy (local.get $ptr) (local.get $size)) (local.get $size))`,
  more: `(func $copy (param $ptr i32) (param $size i32) (result i32)
    (local $to i32)
    (local.set $to (call $malloc (local.get $size)))
    (memory.copy (local.get $to) (local.get $ptr) (local.get $size))
    (local.get $to))`,
};

/**
 * The host function of such a plugin does what the second letter says: `x` throws, `n` never answers, `c` calls the
 * plugin, `d` disposes it; any other is answered with itself after a while.
 */
export function hostBehaviours(plugin: () => GreeterPlugin): Pick<LoadOptions, "libraries"> {
  const call = async (request: Inner): Promise<Inner> => {
    switch (request.name[1]) {
      case "x":
        throw new Error("the host function failed");
      case "n":
        return new Promise(() => {});
      case "c":
        return plugin().sayHello({ name: `e${request.name.slice(2)}` });
      case "d":
        await plugin().dispose();
        return request;
      default:
        await delay(1);
        return request;
    }
  };
  return askLibrary(call, true);
}
