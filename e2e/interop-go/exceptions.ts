import type { Language } from "./subject.js";

/** What is known not to work, and whose fault it is. A case that works nevertheless fails, so that it is taken off this list. */
export interface Exception {
  readonly row: string;
  /** All unless given. */
  readonly host?: "go" | "typescript";
  readonly language?: Language;
  readonly reason: string;
}

/** https://github.com/knqyf263/go-plugin/issues/80 */
const NOBODY_FREES = "neither go-plugin's host nor its plugins free the results of host functions";

/** It compares with 0, where Protocol Buffers want the bits to be looked at. */
const TAKEN_FOR_ZERO = "the code that go-plugin generates leaves out a field that is -0";

/** So does that of prost. */
const PROST_TAKES_FOR_ZERO = "prost leaves out a field that is -0";

/** A call that traps leaves behind what it has on the stack in memory: docs/abi.md, Calls. */
const LEAVES_THE_STACK =
  "a plugin of this language does not survive this many calls that trap: load it again";

export const EXCEPTIONS: readonly Exception[] = [
  { row: "negative zero", host: "go", reason: TAKEN_FOR_ZERO },
  { row: "negative zero", host: "typescript", language: "go", reason: TAKEN_FOR_ZERO },
  { row: "negative zero", host: "typescript", language: "tinygo", reason: TAKEN_FOR_ZERO },
  ...(["rust", "rust without WASI"] as const).map(
    (language): Exception => ({
      row: "negative zero",
      host: "typescript",
      language,
      reason: PROST_TAKES_FOR_ZERO,
    }),
  ),
  ...(["go", "tinygo", "rust"] as const).map(
    (language): Exception => ({
      row: "calls after 2,000 panics",
      host: "go",
      language,
      reason: LEAVES_THE_STACK,
    }),
  ),
  {
    row: "calls after 2,000 host functions that failed",
    host: "go",
    language: "tinygo",
    reason: LEAVES_THE_STACK,
  },
  ...(["go", "tinygo"] as const).flatMap((language): Exception[] =>
    ["100,000 calls with two host functions", "2,000 host-function results of 100 kB"].map(
      (row) => ({ row, host: "go", language, reason: NOBODY_FREES }),
    ),
  ),
];
