import { BULK_PARTS, DEBT_MOST, EXCEPTION } from "./cost.js";
import {
  body,
  call,
  constant,
  FUNCREF,
  functionType,
  getLocal,
  I32,
  I64,
  named,
  OP,
  powerOf2,
  setLocal,
  unsigned,
  when,
  type Code,
} from "./emit.js";
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

/** Powers of 2: no instruction does more than this at once, or it traps; none pays more than that. */
const MOST_NUMBER = 34;
const MOST_BULK = 29;

/** Code that pays, around its cost, a number of `PADDED` bytes that is set later. */
export interface Charge {
  readonly before: Code;
  readonly after: Code;
}

/** What is put into a module: it comes last in the space of its kind, so that no index of the module changes. */
export interface Added {
  /** Entries at the end of sections, by the id of the section. */
  readonly entries: ReadonlyMap<number, readonly Code[]>;
  /** Pays, and asks for more if need be. */
  readonly check: Charge;
  /** Adds to what is owed, in a local, or goes to the block around if that is much already. */
  countedCheck(debt: number): Charge;
  /** Pays what is in the local and asks for more if need be. */
  payDebt(debt: number): Code;
  /** Pays what is in the local, and leaves it to the next check to ask for more. */
  settle(debt: number): Code;
  /** Pays for as much as the number on top of the stack says, which stays there. */
  payBulk(parts: number, is64: boolean): Code;
  readonly payException: Code;
}

export function addedTo(layout: Layout): Added {
  const globalIndex = unsigned(layout.globals);
  const tableIndex = unsigned(layout.tables64.length);
  const [refill, pay, payBulk, payBulk64, start] = indicesFrom(functionCount(layout));
  const [number, nothing, bulk, bulk64] = indicesFrom(layout.types);
  const getFuel = [OP.GLOBAL_GET, ...globalIndex];
  const setFuel = [OP.GLOBAL_SET, ...globalIndex];
  const refillIfOverdrawn = [...getFuel, ...constant(0), OP.I32_LT_S, ...when(...call(refill))];
  const payFor = (cost: Code): Code => [...getFuel, ...cost, OP.I32_SUB, ...setFuel];
  const ask = (entry: number): Code => [
    ...getFuel,
    ...constant(entry),
    ...[OP.CALL_INDIRECT, ...unsigned(number), ...tableIndex],
    ...setFuel,
  ];

  const entries = new Map<number, Code[]>([
    [
      SECTION.TYPE,
      [
        functionType([I32], [I32]),
        functionType([], []),
        functionType([I32, I32], [I32]),
        functionType([I64, I32], [I64]),
      ],
    ],
    [SECTION.FUNCTION, [nothing, number, bulk, bulk64].map(unsigned)],
    [SECTION.TABLE, [[FUNCREF, 1, 2, 2]]],
    [SECTION.GLOBAL, [[I32, 1, ...constant(0), OP.END]]],
    [
      SECTION.EXPORT,
      [
        [...named(EXPORTS.fuel), 3, ...globalIndex],
        [...named(EXPORTS.check), 1, ...tableIndex],
      ],
    ],
    [
      SECTION.CODE,
      [
        // refill
        body([
          ...ask(ASK),
          ...[...getFuel, ...constant(SUSPEND), OP.I32_EQ, ...when(...ask(ASK_SUSPENDING))],
          // A trap, which no catch_all catches.
          ...[...getFuel, ...constant(0), OP.I32_LE_S, ...when(OP.UNREACHABLE)],
        ]),
        // pay: returns 0
        body([...payFor(getLocal(0)), ...refillIfOverdrawn, ...constant(0)]),
        // payBulk, by the one for 64 bits
        body([
          ...[...getLocal(0), OP.I64_EXTEND_I32_U, ...getLocal(1), ...call(payBulk64), OP.DROP],
          ...getLocal(0),
        ]),
        // payBulk64: the cost is least(((least(n, 2 ** 34) + 1) * parts) / BULK_PARTS, 2 ** 29)
        body(
          [
            ...[...least(getLocal(0), MOST_NUMBER), ...powerOf2(0), OP.I64_ADD],
            ...[...getLocal(1), OP.I64_EXTEND_I32_U, OP.I64_MUL],
            ...[OP.I64_CONST, Math.log2(BULK_PARTS), OP.I64_SHR_U, ...setLocal(2)],
            ...payFor([...least(getLocal(2), MOST_BULK), OP.I32_WRAP_I64]),
            ...refillIfOverdrawn,
            ...getLocal(0),
          ],
          [1, 1, I64],
        ),
      ],
    ],
  ]);
  if (layout.start !== undefined) {
    entries.get(SECTION.EXPORT)?.push([...named(EXPORTS.start), 0, ...unsigned(start)]);
    entries.get(SECTION.FUNCTION)?.push(unsigned(nothing));
    entries.get(SECTION.CODE)?.push(body(call(layout.start)));
  }

  return {
    entries,
    check: {
      before: [...getFuel, OP.I32_CONST],
      after: [OP.I32_SUB, ...setFuel, ...refillIfOverdrawn],
    },
    countedCheck: (debt) => ({
      before: [
        ...[...getLocal(debt), ...constant(DEBT_MOST), OP.I32_GT_U, OP.BR_IF, 1],
        ...[...getLocal(debt), OP.I32_CONST],
      ],
      after: [OP.I32_ADD, ...setLocal(debt)],
    }),
    payDebt: (debt) => [
      ...getLocal(debt),
      ...when(...getLocal(debt), ...call(pay), ...setLocal(debt)),
    ],
    settle: (debt) => [...payFor(getLocal(debt)), ...constant(0), ...setLocal(debt)],
    payBulk: (parts, is64) => [...constant(parts), ...call(is64 ? payBulk64 : payBulk)],
    payException: [...constant(EXCEPTION), ...call(pay), OP.DROP],
  };
}

function indicesFrom(first: number): [number, number, number, number, number] {
  return [first, first + 1, first + 2, first + 3, first + 4];
}

/** The smaller one of an i64 and 2 ** `power`. */
function least(get: Code, power: number): Code {
  return [...get, ...powerOf2(power), ...get, ...powerOf2(power), OP.I64_LT_U, OP.SELECT];
}
