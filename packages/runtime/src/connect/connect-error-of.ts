import { Code, ConnectError } from "@connectrpc/connect";

import {
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginLimitError,
  PluginRetiredError,
  PluginTimeoutError,
} from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import { ERROR_HEADER, StatusCode } from "../remote/status-codes.js";

/** How a plugin chooses a code: its error text begins with `[not_found] `, as ConnectErrors print themselves. */
const CHOSEN = /^\[([a-z_]+)\] /;

/**
 * The status that a caller gets for what a call has failed with. Callers may be strangers: they get what the plugin answered, and which
 * limit they reached, but not why it broke. All of it is the `cause`, for interceptors of the server.
 *
 * @param method for the text: `sayHello`
 * @param signal of the caller
 */
export function connectErrorOf(error: unknown, method: string, signal: AbortSignal): ConnectError {
  if (error instanceof ConnectError) return error;
  // The deadline, or the caller is gone: what Connect says of it.
  if (error instanceof PluginAbortedError && signal.aborted) {
    const reason: unknown = signal.reason;
    if (reason instanceof ConnectError) return reason;
    return status(error, "the call was canceled", Code.Canceled);
  }
  if (error instanceof PluginError) {
    const name = CHOSEN.exec(error.message)?.[1] ?? "";
    const code = Object.hasOwn(StatusCode, name) ? StatusCode[name as keyof typeof StatusCode] : 2;
    return status(error, error.message, code);
  }
  const [firstLine = ""] = error instanceof WplugError ? error.message.split("\n", 1) : [];
  if (error instanceof PluginTimeoutError) return status(error, firstLine, Code.DeadlineExceeded);
  if (error instanceof PluginLimitError) return status(error, firstLine, Code.ResourceExhausted);
  if (error instanceof PluginRetiredError) {
    return status(error, `the plugin is not available for ${method}`, Code.Unavailable);
  }
  // Without punctuation, which @grpc/grpc-js leaves encoded as Connect sends it.
  const what =
    error instanceof HostFunctionError ? "a function of the host failed" : "the plugin crashed";
  return status(error, `${what} during ${method}`, Code.Internal);
}

function status(error: unknown, text: string, code: Code): ConnectError {
  const name = error instanceof WplugError ? error.name : "WplugError";
  const metadata = { [ERROR_HEADER]: name };
  return new ConnectError(text, code, metadata, undefined, error);
}
