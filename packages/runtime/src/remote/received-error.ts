import {
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
} from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { ERROR_HEADER, StatusCode } from "./status-codes.js";

/** What is used of a ConnectError. */
interface StatusError {
  readonly code: number;
  readonly rawMessage: string;
  readonly metadata: { get(name: string): string | null };
}

/**
 * What a call fails with that a server has answered with an error: of the class that it had there, or that the code stands for.
 * What the transport threw is its `cause`.
 *
 * @param name of the method
 */
export function receivedError(name: string, thrown: unknown): Error {
  if (!isStatusError(thrown)) {
    return new WplugError(`${name}: ${reasonOf(thrown)}`, { cause: thrown });
  }
  const error = errorOf(name, thrown, thrown.metadata.get(ERROR_HEADER) ?? "");
  error.cause ??= thrown;
  return error;
}

function isStatusError(thrown: unknown): thrown is StatusError {
  return (
    typeof thrown === "object" &&
    thrown !== null &&
    "code" in thrown &&
    typeof thrown.code === "number" &&
    "rawMessage" in thrown &&
    "metadata" in thrown
  );
}

function errorOf(method: string, { code, rawMessage }: StatusError, className: string): WplugError {
  switch (className) {
    case "PluginError":
      return new PluginError(rawMessage);
    case "PluginTrapError":
      return new PluginTrapError(rawMessage);
    case "PluginExitError":
      return new PluginExitError(rawMessage, 0);
    case "PluginLimitError":
      return new PluginLimitError(rawMessage);
    case "PluginTimeoutError":
      return new PluginTimeoutError(rawMessage, 0);
    case "HostFunctionError":
      return new HostFunctionError(rawMessage);
  }
  // Without a class it is of no server of ours, or of none at all: that does not say which call it is of.
  const message = className === "" ? `${method}: ${rawMessage}` : rawMessage;
  switch (code) {
    case StatusCode.canceled:
      return new PluginAbortedError(message);
    case StatusCode.deadline_exceeded:
      return new PluginTimeoutError(message, 0);
    case StatusCode.resource_exhausted:
      return new PluginLimitError(message);
    case StatusCode.unavailable:
      return new PluginRetiredError(message);
    default:
      return new WplugError(message);
  }
}
