import type { ExecutorContext } from "@nx/devkit";

import { runTool } from "../../system/tool";
import { runTask, taskProject } from "../run-task";
import type { TscExecutorSchema } from "./schema";

/** Runs the TypeScript compiler of the workspace on a project. */
export function tscExecutor(
  { project, mode, __unparsed__: args = [] }: TscExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const modes = {
    build: ["--build", project, "--emitDeclarationOnly"],
    check: ["--noEmit", "-p", project],
    compile: ["-p", project],
  };
  return runTask(() => {
    const { folder } = taskProject(context);
    return runTool({ name: "typescript", command: "tsc" }, [...modes[mode], ...args], folder);
  });
}
