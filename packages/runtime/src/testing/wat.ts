import loadWabt from "wabt";

const FEATURES = { bulk_memory: true, multi_value: true };

/**
 * wasm from its text format.
 *
 * @param features proposals of which wabt may use the instructions
 * @param names whether the names of the text are in a section of their own
 */
export async function wat(
  text: string,
  features: Readonly<Record<string, boolean>> = FEATURES,
  names = false,
): Promise<Uint8Array> {
  const wabt = await loadWabt();
  const module = wabt.parseWat("test.wat", text, features);
  try {
    return module.toBinary({ write_debug_names: names }).buffer;
  } finally {
    module.destroy();
  }
}

/** The bytes of a custom section: `\00`, size, name, content. Sizes under 128 only. */
export function customSection(name: string, content: Uint8Array | string): Uint8Array {
  const text = new TextEncoder().encode(name);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return Uint8Array.of(0, 1 + text.length + bytes.length, text.length, ...text, ...bytes);
}

/** Bytes one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export interface Parts {
  readonly imports?: string;
  /** Replaces the default api version 1. */
  readonly version?: string;
  /** Replaces malloc and free. */
  readonly memory?: string;
  /** Body of `greeter_say_hello`, with `$ptr` and `$size`. */
  readonly sayHello?: string;
  /** More functions, data and exports. */
  readonly more?: string;
}

/** Answers with the request: as the messages of the test service have one field each, that is a greeting. */
export const ECHO = `
  (local $to i32)
  (if (i32.eqz (local.get $size)) (then (return (i64.const 0))))
  (local.set $to (call $malloc (local.get $size)))
  (memory.copy (local.get $to) (local.get $ptr) (local.get $size))
  (call $answer (local.get $to) (local.get $size))`;

/**
 * A plugin of the service test.v1.Greeter. Its `malloc` only moves on, but counts: export `live` is the number of
 * blocks that were not freed, `frees` the number of calls of `free`.
 */
export function greeter(parts: Parts = {}): string {
  return `(module
    ${parts.imports ?? ""}
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (global $live (export "live") (mut i32) (i32.const 0))
    (global $frees (export "frees") (mut i32) (i32.const 0))
    ${
      parts.memory ??
      `(func $malloc (export "malloc") (param $size i32) (result i32)
        (local $at i32)
        (local.set $at (global.get $next))
        (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 7)) (i32.const -8)))
        (block $room (loop $grow
          (br_if $room (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
          (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 0))))
          (br $grow)))
        (global.set $live (i32.add (global.get $live) (i32.const 1)))
        (local.get $at))
      (func $free (export "free") (param i32)
        (global.set $frees (i32.add (global.get $frees) (i32.const 1)))
        (global.set $live (i32.sub (global.get $live) (i32.const 1))))`
    }
    (func $answer (param $ptr i32) (param $size i32) (result i64)
      (i64.or
        (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32))
        (i64.extend_i32_u (local.get $size))))
    ${parts.version ?? `(func (export "greeter_api_version") (result i64) (i64.const 1))`}
    (func (export "greeter_say_hello") (param $ptr i32) (param $size i32) (result i64)
      ${parts.sayHello ?? ECHO})
    ${parts.more ?? ""})`;
}

/** A function that writes `length` bytes at `from` to a descriptor. Needs the import of fd_write as $fd_write. */
export const FD_WRITE = `(import "wasi_snapshot_preview1" "fd_write"
    (func $fd_write (param i32 i32 i32 i32) (result i32)))`;

export const WRITE = `(func $write (param $fd i32) (param $from i32) (param $length i32)
    (i32.store (i32.const 0) (local.get $from))
    (i32.store (i32.const 4) (local.get $length))
    (drop (call $fd_write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8))))`;
