import type { HostFunction, LoadOptions } from "../index.js";
import { Inner } from "./everything.js";

/** An implementation of the host function `env.ask`. */
export type Ask = HostFunction<Inner, Inner>["call"];

/** The load options that give a plugin the host function `env.ask`. */
export function askLibrary(call: Ask, isAsync: boolean): Pick<LoadOptions, "libraries"> {
  const ask: HostFunction<Inner, Inner> = {
    module: "env",
    name: "ask",
    input: Inner,
    output: Inner,
    isAsync,
    call,
  };
  return { libraries: [{ functions: [ask as unknown as HostFunction] }] };
}
