import { PluginAbortedError } from "../errors/plugin-errors.js";
import type { CallOptions } from "../options/call-options.js";

/** @throws PluginAbortedError if the call is aborted already */
export function checkSignal(name: string, options: CallOptions | undefined): void {
  if (options?.signal?.aborted === true) throw abortedError(name, options.signal);
}

export function abortedError(name: string, signal: AbortSignal): PluginAbortedError {
  return new PluginAbortedError(`${name} was aborted`, { cause: signal.reason });
}
