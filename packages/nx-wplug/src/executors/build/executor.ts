import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { compilePlugin } from "../../asc/compile-plugin";
import { formatDiagnostic } from "../../asc/diagnostic";
import type { Contract } from "../../codegen";
import { wplugVersion } from "../../codegen/header";
import { readContract } from "../../codegen/read-contract";
import { compileGo } from "../../go/compile-go";
import { importPathOf } from "../../project/import-path";
import { type PluginConfig, readWplugConfig } from "../../project/wplug-config";
import { findProject, runTask, taskProject, type TaskProject } from "../run-task";
import type { BuildExecutorSchema } from "./schema";

/** Compiles a plugin to `dist/<project>.wasm`, whatever its language. What was built before stays if there is any error. */
export function buildExecutor(
  options: BuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const config = readWplugConfig(plugin.folder, ["plugin"]);
    const contract = findProject(context, config.contract);
    const outFile = join(plugin.folder, options.outputFile ?? `dist/${plugin.name}.wasm`);
    const size = await compile({ plugin, config, contract, outFile, main: options.main, context });
    if (size !== undefined) console.log(`${relative(context.root, outFile)}  ${size} bytes`);
    return size !== undefined;
  });
}

interface Build {
  readonly plugin: TaskProject;
  readonly config: PluginConfig;
  readonly contract: TaskProject;
  readonly outFile: string;
  /** The author's module in AssemblyScript. */
  readonly main: string;
  readonly context: ExecutorContext;
}

/** @returns bytes of the module; undefined if there were mistakes, which have been printed */
async function compile(build: Build): Promise<number | undefined> {
  const { plugin, config, contract, outFile, main, context } = build;
  const { proto } = readWplugConfig(contract.folder, ["contract"]);
  // Read while the compiler runs, which takes ten times as long.
  const section = async () =>
    sectionOf(contract.name, config, await readContract(join(contract.folder, proto)));

  if (config.language !== "assemblyscript") {
    const { folder, root } = plugin;
    const result = await compileGo({ compiler: config.language, folder, root, section, outFile });
    if (!result.ok) console.error(result.errors);
    return result.ok ? result.size : undefined;
  }

  const importPath = importPathOf(context.root, contract.root);
  const result = await compilePlugin({
    workspaceRoot: context.root,
    projectRoot: plugin.folder,
    entry: main,
    contractEntry: `${importPath}/assembly/gen/entry`,
    packages: { [`${importPath}/assembly`]: join(contract.folder, "assembly") },
    section,
    outFile,
  });
  for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(diagnostic) + "\n");
  return result.ok ? result.size : undefined;
}

/** What tools can read about a plugin without running it. */
function sectionOf(contract: string, { language }: PluginConfig, { files }: Contract): object {
  return {
    generator: `wplug ${wplugVersion()}`,
    contract,
    // Hosts go by it: who frees memory differs in Go.
    language,
    services: files.flatMap(({ pluginServices }) =>
      pluginServices.map(({ typeName, version }) => ({ typeName, version })),
    ),
  };
}
