import type { ExecutorContext } from "@nx/devkit";

import { runTask, taskProject } from "../run-task";
import { generateContract } from "./generate-contract";
import type { GenerateExecutorSchema } from "./schema";

/** Generates the SDKs of a contract, or nothing if there is any mistake in its protos. */
export function generateExecutor(
  _options: GenerateExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    await generateContract(taskProject(context).folder);
    return true;
  });
}
