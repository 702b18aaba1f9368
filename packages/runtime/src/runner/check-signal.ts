import { abortedError } from "../instance/call-limits.js";
import type { CallOptions } from "../options/call-options.js";

/** @throws PluginAbortedError if the call is aborted already */
export function checkSignal(name: string, options: CallOptions | undefined): void {
  if (options?.signal?.aborted === true) throw abortedError(name, options.signal);
}
