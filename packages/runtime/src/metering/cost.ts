/**
 * What things cost, in units of fuel. An instruction is one unit: on a machine of 2024 some 2,000 of them pass in a microsecond.
 * It depends on the module alone, so that a call costs the same in every run and engine.
 */

/** A block, its end: they become no code. */
export const STRUCTURE = 0;
export const INSTRUCTION = 1;

/**
 * The most that a function may do before its first check. Who calls it has paid for that: the exact number where the function
 * is known, this where it is not (indirect calls, host functions).
 */
export const UNPAID_MOST = 64;

/** An object of the engine's collector. */
export const OBJECT = 16;

/** An exception is thrown and caught by the engine. */
export const EXCEPTION = 4096;

/**
 * Instructions that do as much as the number on top of the stack says pay for that when they run. In parts of a unit: for each
 * byte of memory, entry of a table, item of an array and page of memory. Engines take 0.1, 25, 1 and up to 9,000 ns for
 * them, 20,000 if it is one page, and 0.1 to 0.5 ns for an instruction.
 */
export const BULK_PARTS = 64;
export const BULK_BYTE = 8;
export const BULK_ENTRY = 4096;
export const BULK_ITEM = 256;
export const BULK_PAGE = 1 << 20;

/**
 * A loop, besides its turns. When it ends it pays what it owes without a check: there can't be so many loops between two checks
 * that the fuel falls from below 0 to where it is positive again.
 */
export const LOOP = 16;

/** A check pays for the code that follows it, up to about this cost. Then another one does. */
export const STRETCH = 512;

/** What a loop may owe before it pays. */
export const DEBT_MOST = 1 << 13;

/** The most that one turn of a loop may cost whose cost is counted in a local. */
export const COUNTED_MOST = 512;

/** Most places before calls where a function checks instead of at its entry. */
export const CALL_CHECKS_MOST = 2;
