import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";
import { build, formatMessages } from "esbuild";

import { readWplugConfig } from "../../config/wplug-config";
import { failedBuild } from "../../system/esbuild-failure";
import { sourceConditions } from "../../workspace/source-conditions";
import { runTask, taskProject } from "../run-task";
import { installedPackagesStayImports } from "./installed-packages-stay-imports";
import type { BundleExecutorSchema } from "./schema";

/** Bundles a host's TypeScript, and that of the workspace's packages which it imports, for Node. */
export function bundleExecutor(
  options: BundleExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const { folder } = taskProject(context);
    readWplugConfig(folder, ["host"]);
    const result = await build({
      absWorkingDir: context.root,
      entryPoints: [join(folder, options.main)],
      outfile: join(folder, options.outputFile),
      bundle: true,
      platform: "node",
      conditions: ["module", ...sourceConditions(folder)],
      target: "node20",
      format: "esm",
      sourcemap: true,
      logLevel: "silent",
      plugins: [installedPackagesStayImports],
    }).catch(failedBuild);
    for (const [kind, messages] of [
      ["error", result.errors],
      ["warning", result.warnings],
    ] as const) {
      for (const text of await formatMessages(messages, { kind })) console.error(text.trimEnd());
    }
    return result.errors.length === 0;
  });
}
