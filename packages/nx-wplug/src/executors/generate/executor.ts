import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { generate } from "../../codegen";
import { readWplugConfig } from "../../project/wplug-config";
import { runTask, taskProject } from "../run-task";
import type { GenerateExecutorSchema } from "./schema";

/** Generates the SDKs of a contract, or nothing if there is any mistake in its protos. */
export function generateExecutor(
  _options: GenerateExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const { folder } = taskProject(context);
    await generateContract(folder);
    return true;
  });
}

/** @param folder absolute folder of a contract's project */
export async function generateContract(folder: string): Promise<void> {
  const { proto } = readWplugConfig(folder, ["contract"]);
  await generate({
    protoRoot: join(folder, proto),
    typescriptOut: join(folder, "src/gen"),
    assemblyscriptOut: join(folder, "assembly/gen"),
  });
}
