import type { GuestMemory } from "../memory/guest-memory.js";
import type { Clock } from "../options/clock.js";
import type { Descriptors } from "./descriptors.js";

/** How long a plugin may wait. */
export interface WaitLimit {
  /** Milliseconds; undefined: any time. */
  readonly timeLeft: number | undefined;
  /**
   * Told when it has waited.
   *
   * @throws what ends the plugin's code, as the time is over
   */
  hostAnswered(): void;
}

/** What the WASI functions of one instance work on. */
export interface WasiContext {
  readonly memory: GuestMemory;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly descriptors: Descriptors;
  readonly clock: Clock;
  /** What limits how long it may wait; undefined: nothing does. */
  readonly waiting?: WaitLimit | undefined;
  readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A WASI function. i64 parameters are bigints; what it returns is an errno. */
export type WasiFunction = (...parameters: never[]) => number;
export type WasiFunctions = Readonly<Record<string, WasiFunction>>;
