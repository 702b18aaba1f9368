import type { ExecutorContext } from "@nx/devkit";

import { runTool } from "../../system/tool";
import { runTask, taskProject } from "../run-task";
import type { ViteExecutorSchema } from "./schema";

/** Runs the Vite of the workspace in a project. */
export function viteExecutor(
  { command, __unparsed__: args = [] }: ViteExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(() => {
    const { folder } = taskProject(context);
    return runTool({ name: "vite" }, [command, ...args], folder);
  });
}
