import { BULK_PARTS, DEBT_MOST, EXCEPTION } from "./cost.js";
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

/** Powers of 2: no instruction does more than this at once, or traps; none pays more than that. */
const MOST_NUMBER = 34;
const MOST_BULK = 29;

/** What is put into a module: it comes last in the space of its kind, so that no index of the module changes. */
export interface Added {
  /** Entries at the end of sections, by the id of the section. */
  readonly entries: ReadonlyMap<number, readonly (readonly number[])[]>;
  /** Pays for as much as the number on top of the stack says, which stays there. */
  payBulk(parts: number, is64: boolean): readonly number[];
  readonly payException: readonly number[];
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
  const type = {
    ask: leb(types),
    nothing: leb(types + 1),
    bulk: leb(types + 2),
    bulk64: leb(types + 3),
  };
  const pay = [0x10, ...leb(functions + 1)];
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
  const parts = Math.log2(BULK_PARTS);
  const bodies = [
    body([...ask(ASK), ...isSuspend, ...IF, ...ask(ASK_SUSPENDING), END, ...isNothing, ...stop]),
    body([
      ...[...getFuel, ...first.get, subtract, ...setFuel, ...refillIfOverdrawn],
      ...constant(0),
    ]),
    // By the one for 64 bits: i64.extend_i32_u, call, drop.
    body([
      ...[...first.get, 0xad, ...local(1).get, 0x10, ...leb(functions + 3), 0x1a],
      ...first.get,
    ]),
    // fuel -= least(((least(n, MOST_NUMBER) + 1) * parts) >> log2(BULK_PARTS), MOST_BULK)
    body(
      [
        ...[...least(first.get, MOST_NUMBER), 0x42, 1, 0x7c], // i64.add
        ...[...local(1).get, 0xad, 0x7e, 0x42, parts, 0x88, ...local(2).set], // i64.mul, i64.shr_u
        ...[...getFuel, ...least(local(2).get, MOST_BULK), 0xa7, subtract, ...setFuel],
        ...refillIfOverdrawn,
        ...first.get,
      ],
      [1, 1, I64],
    ),
  ];
  const exported = [
    [...name(EXPORTS.fuel), 3, ...fuel],
    [...name(EXPORTS.check), 1, ...table],
  ];
  const functionTypes = [type.nothing, type.ask, type.bulk, type.bulk64];
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
          [0x60, 2, I32, I32, 1, I32],
          [0x60, 2, I64, I32, 1, I64],
        ],
      ],
      [SECTION.FUNCTION, functionTypes],
      [SECTION.TABLE, [[FUNCREF, 1, 2, 2]]],
      [SECTION.GLOBAL, [[I32, 1, ...constant(0), END]]],
      [SECTION.EXPORT, exported],
      [SECTION.CODE, bodies],
    ]),
    payBulk: (parts, is64) => [...constant(parts), 0x10, ...leb(functions + (is64 ? 3 : 2))],
    payException: [...constant(EXCEPTION), ...pay, 0x1a],
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
      return [...get, ...IF, ...get, ...pay, ...set, END];
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

function body(instructions: readonly number[], locals: readonly number[] = [0]): number[] {
  return [...leb(instructions.length + locals.length + 1), ...locals, ...instructions, END];
}

/** The smaller one of an i64 and 2 ** `power`. */
function least(get: readonly number[], power: number): number[] {
  const most = constant64(power);
  return [...get, ...most, ...get, ...most, 0x54, 0x1b]; // i64.lt_u, select
}

/** i64.const 2 ** power */
function constant64(power: number): number[] {
  const bytes = [0x42];
  for (let rest = power; rest >= 7; rest -= 7) bytes.push(0x80);
  const last = 1 << power % 7;
  return power % 7 === 6 ? [...bytes, last | 0x80, 0] : [...bytes, last];
}
