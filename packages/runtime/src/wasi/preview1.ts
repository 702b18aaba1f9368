import { HostFunctionError } from "../errors/plugin-errors.js";
import { isInstance } from "../errors/is-instance.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { GuestFault } from "../memory/guest-memory.js";
import { argsFunctions } from "./args.js";
import { clockFunctions } from "./clock.js";
import { descriptorFunctions } from "./descriptor-functions.js";
import { directoryFunctions } from "./directory-functions.js";
import { environFunctions } from "./environ.js";
import { ERRNO } from "./errno.js";
import { ExitSignal } from "./exit-signal.js";
import { pathFunctions } from "./path-functions.js";
import { pollFunctions } from "./poll.js";
import { procFunctions } from "./proc.js";
import { randomFunctions } from "./random.js";
import { schedFunctions } from "./sched.js";
import { socketFunctions } from "./socket-functions.js";
import type { WasiContext, WasiFunction, WasiFunctions } from "./wasi-context.js";

/**
 * WASI preview 1 for one instance: console output, arguments, environment, clocks, random numbers, sleep, files. What is
 * not listed answers ENOSYS.
 *
 * @param failed told what a function throws, before it does: wasm may catch it
 */
export function wasiImports(
  context: WasiContext,
  imported: readonly string[],
  failed: (error: unknown) => void = () => {},
): Record<string, WasiFunction> {
  const all: WasiFunctions = {
    ...argsFunctions(context),
    ...environFunctions(context),
    ...clockFunctions(context),
    ...descriptorFunctions(context),
    ...directoryFunctions(context),
    ...pathFunctions(context),
    ...pollFunctions(context),
    ...procFunctions(),
    ...randomFunctions(context),
    ...schedFunctions(),
    ...socketFunctions(context),
  };
  const imports: Record<string, WasiFunction> = {};
  for (const name of imported) {
    const implementation = Object.hasOwn(all, name) ? all[name] : undefined;
    imports[name] =
      implementation === undefined ? notSupported : guarded(name, implementation, failed);
  }
  return imports;
}

const notSupported = (): number => ERRNO.NOSYS;

/**
 * A bad pointer is the plugin's mistake, for which WASI has an errno. What else is thrown ends the plugin's code; if it is
 * none of our errors, a clock, a source of random numbers or a file system of the load options has failed.
 */
function guarded(
  name: string,
  implementation: WasiFunction,
  failed: (error: unknown) => void,
): WasiFunction {
  return (...parameters) => {
    try {
      return implementation(...parameters);
    } catch (error) {
      if (isInstance(error, GuestFault)) return ERRNO.FAULT;
      const isOurs = isInstance(error, WplugError) || isInstance(error, ExitSignal);
      const reason = isOurs
        ? error
        : new HostFunctionError(`${name} failed in the host: ${reasonOf(error)}`, { cause: error });
      failed(reason);
      throw reason;
    }
  };
}
