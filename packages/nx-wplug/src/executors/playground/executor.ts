import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { readWplugConfig } from "../../config/wplug-config";
import { Builder } from "../builder";
import { findContract, runTask, taskProject } from "../run-task";
import { watchFolders } from "../watch-folders";
import type { PlaygroundExecutorSchema } from "./schema";
import { servePage } from "./serve-page";

/** Serves the playground with a plugin until it is ended. After edits, the plugin is built again, and open pages load it. */
export function playgroundExecutor(
  { port, watch, buildTarget }: PlaygroundExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const { contract } = readWplugConfig(plugin.folder, ["plugin"]);
    const name = `${plugin.name}.wasm`;
    const page = await servePage(name, join(plugin.folder, "dist", name), port);
    console.log(`${name} can be called at ${page.url}`);
    const builder = new Builder(context.root, [plugin], buildTarget);
    const build = async (): Promise<void> => {
      console.log(`Sources of ${plugin.name} changed: building…`);
      const ok = await builder.build();
      console.log(ok ? "Built." : "The last build that worked stays.");
      if (ok) page.reload();
    };
    const stop = watch
      ? watchFolders(
          [plugin.folder, findContract(context, contract, plugin).folder],
          () => void build().catch(console.error),
        )
      : () => {};
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
    });
    stop();
    builder.stop();
    page.close();
    return true;
  });
}
