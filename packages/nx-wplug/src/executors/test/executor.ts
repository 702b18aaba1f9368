import type { ExecutorContext } from "@nx/devkit";

import { UserError } from "../../errors/user-error";
import { runTool } from "../../system/tool";
import { testRunnerIn } from "../../workspace/test-runner";
import { runTask, taskProject } from "../run-task";
import type { TestExecutorSchema } from "./schema";

/** Runs the tests of a project with jest or Vitest, whichever has its configuration in the project's folder. */
export function testExecutor(
  { __unparsed__: args = [] }: TestExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(() => {
    const { name, folder } = taskProject(context);
    const runner = testRunnerIn(folder);
    if (runner === undefined) {
      throw new UserError(
        `Nothing says how to test ${name}: there is no configuration of jest or Vitest in ${folder}.`,
      );
    }
    const command = runner === "vitest" ? ["run"] : [];
    return runTool({ name: runner }, [...command, "--passWithNoTests", ...args], folder);
  });
}
