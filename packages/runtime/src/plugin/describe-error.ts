import type { Engine } from "../platform/engine.js";
import { PluginFailure } from "./fail.js";
import { insteadOf } from "./missing-globals.js";
import { originalStack } from "./original-stack.js";

/** QuickJS throws it where an error is due and cannot be made. */
const NO_ERROR = "out of memory, so that not even an error could be made; or the plugin threw null";

/**
 * The text that the host gets of an error. The stack of one that was not expected goes to standard error: it is for the plugin's
 * author, and names files of theirs.
 */
export function describeError(engine: Engine, error: unknown): string {
  if (error instanceof PluginFailure) return error.message;
  if (error === null) return NO_ERROR;
  if (!(error instanceof Error)) return describeOther(error);
  const text = (error.name === "Error" ? error.message : String(error)) + insteadOf(error);
  engine.print(2, `${String(error)}\n${originalStack(engine, error)}`);
  return text;
}

/** Of what is no Error, such as the objects with a message that some packages throw. */
function describeOther(thrown: unknown): string {
  const text = String(thrown);
  if (text !== "[object Object]") return text;
  const { message } = thrown as { message?: unknown };
  if (typeof message === "string" && message !== "") return message;
  try {
    return (JSON.stringify(thrown) as string | undefined) ?? text;
  } catch {
    // It contains itself.
    return text;
  }
}
