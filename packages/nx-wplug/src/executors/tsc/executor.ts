import type { ExecutorContext } from "@nx/devkit";

import { runTool } from "../../system/tool";
import { runTask, taskProject } from "../run-task";
import { withBuiltImports } from "./built-imports";
import type { TscExecutorSchema } from "./schema";

/** Runs the TypeScript compiler of the workspace on a project. */
export function tscExecutor(
  { project, mode, sources, __unparsed__: args = [] }: TscExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const { folder } = taskProject(context);
    const tsc = (own: readonly string[]) =>
      runTool({ name: "typescript", command: "tsc" }, [...own, ...args], folder);
    const run = () => {
      switch (mode) {
        case "build":
          return tsc(["--build", project, "--emitDeclarationOnly"]);
        case "check":
          return tsc(["--noEmit", "-p", project]);
        case "compile":
          return withBuiltImports(context.root, folder, project, (config) => tsc(["-p", config]));
      }
    };
    // Mistakes of both at once.
    const results = [
      await run(),
      sources === undefined || (await tsc(["--noEmit", "-p", sources])),
    ];
    return results.every(Boolean);
  });
}
