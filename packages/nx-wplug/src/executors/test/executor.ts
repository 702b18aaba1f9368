import type { ExecutorContext } from "@nx/devkit";

import { runTool } from "../../system/tool";
import { runTask, taskProject } from "../run-task";
import type { TestExecutorSchema } from "./schema";

/** Runs the tests of a project with jest, which finds its settings in the project's folder. */
export function testExecutor(
  { __unparsed__: args = [] }: TestExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(() => runTool({ name: "jest" }, args, taskProject(context).folder));
}
