import type { ExecutorContext } from "@nx/devkit";

import { buildPlugin } from "./build-plugin";
import type { BuildExecutorSchema } from "./schema";

/** Builds a plugin, as the task of its project. */
export function buildExecutor(
  options: BuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return buildPlugin(options, context, console);
}
