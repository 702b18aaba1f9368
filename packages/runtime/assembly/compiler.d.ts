/*
 * What the compiler and its library offer to garbage collectors and its declarations for editors lack. The compiler itself
 * does not read this file.
 */

declare function __alloc(size: usize): usize;
declare function __realloc(address: usize, size: usize): usize;
declare function __free(address: usize): void;

declare function __new(size: usize, id: u32): usize;
declare function __renew(object: usize, size: usize): usize;
declare function __link(parent: usize, child: usize, expectMultiple: bool): void;
declare function __collect(): void;
declare function __pin(object: usize): usize;
declare function __unpin(object: usize): void;

declare function __typeinfo(id: u32): u32;
declare function __visit_globals(cookie: u32): void;
declare function __visit_members(object: usize, cookie: u32): void;

/** A program's own, if it has one: called with each object that is freed. */
declare const __finalize: unknown;
/** Makes our collector run before every new object. */
declare const WPLUG_GC_STRESS: unknown;
