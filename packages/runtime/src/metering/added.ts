import { BULK_SHIFT, DEBT_MOST } from "./cost.js";
import { functionCount, SECTION, type Layout } from "./layout.js";

/** Exports that a metered module has besides its own. The host fills them in before it calls anything else. */
export const EXPORTS = {
  /** A global, mutable i32: units that are left. The module stops to ask for more when it is below 0. */
  fuel: "wplug_fuel",
  /** A table of two functions: what the module asks. */
  check: "wplug_check",
  /** What the start section named, if there was one: the host calls it once. */
  start: "wplug_start",
} as const;

/** Entries of the table. */
export const ASK = 0;
export const ASK_SUSPENDING = 1;
/** What the first answers if the second one, which may suspend the module, is to be asked. */
export const SUSPEND = -1;

const I32 = 0x7f;
const I64 = 0x7e;
const FUNCREF = 0x70;
const END = 0x0b;
const IF = [0x04, 0x40];

/** What is put into a module: it comes last in the space of its kind, so that no index of the module changes. */
export interface Added {
  /** Entries at the end of sections, by the id of the section. */
  readonly entries: ReadonlyMap<number, readonly (readonly number[])[]>;
  /** Takes a number of bytes or items, as i32, pays for them and returns it. */
  readonly payBulk: readonly number[];
  readonly payBulk64: readonly number[];
  /** Before and after the cost of a check, which is a number of `PADDED` bytes. */
  readonly check: { readonly before: readonly number[]; readonly after: readonly number[] };
  countedCheck(debt: number): {
    readonly before: readonly number[];
    readonly after: readonly number[];
  };
  /** Pays what is in the local and asks for more if need be. */
  payDebt(debt: number): readonly number[];
  /** Pays what is in the local, and leaves it to the next check to ask for more. */
  settle(debt: number): readonly number[];
}

export function addedTo(layout: Layout): Added {
  const fuel = leb(layout.globals);
  const table = leb(layout.tables64.length);
  const functions = functionCount(layout);
  const types = layout.types;
  const type = { ask: leb(types), nothing: leb(types + 1), ask64: leb(types + 2) };
  const refill = [0x10, ...leb(functions)];
  const getFuel = [0x23, ...fuel];
  const setFuel = [0x24, ...fuel];
  const local = (index: number) => ({
    get: [0x20, ...leb(index)],
    set: [0x21, ...leb(index)],
  });
  const first = local(0);
  const subtract = 0x6b;
  const refillIfOverdrawn = [...getFuel, ...constant(0), 0x48, ...IF, ...refill, END];
  const ask = (entry: number) => [
    ...getFuel,
    ...constant(entry),
    ...[0x11, ...type.ask, ...table], // call_indirect
    ...setFuel,
  ];
  const isSuspend = [...getFuel, ...constant(SUSPEND), 0x46];
  const isNothing = [...getFuel, ...constant(0), 0x4c];
  // A trap, which no catch_all catches.
  const stop = [...IF, 0x00, END];
  const shift = constant(BULK_SHIFT);
  const bodies = [
    body([...ask(ASK), ...isSuspend, ...IF, ...ask(ASK_SUSPENDING), END, ...isNothing, ...stop]),
    body([
      ...[...getFuel, ...first.get, subtract, ...setFuel, ...refillIfOverdrawn],
      ...constant(0),
    ]),
    body([
      ...[...getFuel, ...first.get, ...shift, 0x76, subtract, ...setFuel, ...refillIfOverdrawn],
      ...first.get,
    ]),
    // As above; of more than 2 ** 32, which traps anyhow, it pays for 2 ** 26 units.
    body([
      ...getFuel,
      ...constant(1 << 26),
      ...[...first.get, 0x42, BULK_SHIFT, 0x88, 0xa7], // i64.shr_u, i32.wrap_i64
      ...[...first.get, 0x42, 32, 0x88, 0x50, 0x45], // i64.eqz, i32.eqz
      ...[0x1b, subtract, ...setFuel, ...refillIfOverdrawn], // select
      ...first.get,
    ]),
  ];
  const exported = [
    [...name(EXPORTS.fuel), 3, ...fuel],
    [...name(EXPORTS.check), 1, ...table],
  ];
  const functionTypes = [type.nothing, type.ask, type.ask, type.ask64];
  if (layout.start !== undefined) {
    exported.push([...name(EXPORTS.start), 0, ...leb(functions + bodies.length)]);
    functionTypes.push(type.nothing);
    bodies.push(body([0x10, ...leb(layout.start)]));
  }
  return {
    entries: new Map([
      [
        SECTION.TYPE,
        [
          [0x60, 1, I32, 1, I32],
          [0x60, 0, 0],
          [0x60, 1, I64, 1, I64],
        ],
      ],
      [SECTION.FUNCTION, functionTypes],
      [SECTION.TABLE, [[FUNCREF, 1, 2, 2]]],
      [SECTION.GLOBAL, [[I32, 1, ...constant(0), END]]],
      [SECTION.EXPORT, exported],
      [SECTION.CODE, bodies],
    ]),
    payBulk: [0x10, ...leb(functions + 2)],
    payBulk64: [0x10, ...leb(functions + 3)],
    check: {
      before: [...getFuel, 0x41],
      after: [subtract, ...setFuel, ...refillIfOverdrawn],
    },
    countedCheck(debt) {
      const { get, set } = local(debt);
      return {
        before: [...get, ...constant(DEBT_MOST), 0x4b, 0x0d, 1, ...get, 0x41], // i32.gt_u, br_if
        after: [0x6a, ...set], // i32.add
      };
    },
    payDebt(debt) {
      const { get, set } = local(debt);
      return [...get, ...IF, ...get, 0x10, ...leb(functions + 1), ...set, END];
    },
    settle(debt) {
      const { get, set } = local(debt);
      return [...getFuel, ...get, subtract, ...setFuel, ...constant(0), ...set];
    },
  };
}

/** i32.const, of a number that is not negative or -1. */
function constant(value: number): number[] {
  const bytes = [0x41];
  let rest = value;
  for (; rest > 0x3f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest & 0x7f);
  return bytes;
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
  return bytes;
}

function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [bytes.length, ...bytes];
}

/** A function without locals. */
function body(instructions: readonly number[]): number[] {
  return [...leb(instructions.length + 2), 0, ...instructions, END];
}
