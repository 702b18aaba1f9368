import { isAbsolute, join, sep } from "node:path";

import type { ExecutorContext } from "@nx/devkit";
import { build, formatMessages, type Plugin } from "esbuild";

import { readWplugConfig } from "../../project/wplug-config";
import { runTask, taskProject } from "../run-task";
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
      target: "node20",
      format: "esm",
      sourcemap: true,
      logLevel: "silent",
      plugins: [installedPackagesStayImports],
    }).catch(failureOf);
    for (const [kind, messages] of [
      ["error", result.errors],
      ["warning", result.warnings],
    ] as const) {
      for (const text of await formatMessages(messages, { kind })) console.error(text.trimEnd());
    }
    return result.errors.length === 0;
  });
}

/**
 * Leaves packages from npm out of the bundle, so that their native add-ons and own files work. Packages of the
 * workspace are links out of node_modules, or paths of the tsconfig, and go in: their sources are TypeScript.
 */
const installedPackagesStayImports: Plugin = {
  name: "installed-packages-stay-imports",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === RESOLVING || kind === "entry-point" || isAbsolute(path)) return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: RESOLVING });
      const isInstalled = resolved.path.split(sep).includes("node_modules");
      return isInstalled && resolved.errors.length === 0 ? { path, external: true } : resolved;
    });
  },
};

/** Marks the plugin's own question, which it must not answer itself. */
const RESOLVING = Symbol("resolving");

type Messages = Pick<Awaited<ReturnType<typeof build>>, "errors" | "warnings">;

function failureOf(error: unknown): Messages {
  if (error instanceof Error && "errors" in error && "warnings" in error) {
    return error as Error & Messages;
  }
  throw error;
}
