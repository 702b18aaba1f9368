import { fromErrorRecord, type ErrorRecord } from "../errors/error-record.js";
import { correctStack } from "../instance/original-stack.js";
import type { PluginModule } from "../module/plugin-module.js";

/**
 * The error that another thread has sent. Only this one knows the module as its author has it: the places in stacks are made
 * those of that one here.
 */
export function receivedError(record: ErrorRecord, module: PluginModule): Error {
  const error = fromErrorRecord(record);
  for (let it: unknown = error; it instanceof Error; it = it.cause) correctStack(it, module);
  return error;
}
