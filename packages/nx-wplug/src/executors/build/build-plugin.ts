import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { compilePlugin } from "../../languages/assemblyscript/asc/compile-plugin";
import { formatDiagnostic } from "../../languages/assemblyscript/asc/diagnostic";
import { wplugVersion } from "../../generated/header";
import { importPathOf } from "../../workspace/import-path";
import { type PluginConfig, readWplugConfig } from "../../config/wplug-config";
import { findProject, type Output, runTask, taskProject, type TaskProject } from "../run-task";
import type { BuildExecutorSchema } from "./schema";

/** Compiles a plugin to `dist/<project>.wasm`, whatever its language. What was built before stays if there is any error. */
export function buildPlugin(
  options: BuildExecutorSchema,
  context: ExecutorContext,
  output: Output,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const config = readWplugConfig(plugin.folder, ["plugin"]);
    const contract = findProject(context, config.contract);
    const outFile = join(plugin.folder, options.outputFile ?? `dist/${plugin.name}.wasm`);
    const { main } = options;
    const size = await compile({ plugin, config, contract, outFile, main, context, output });
    if (size !== undefined) output.log(`${relative(context.root, outFile)}  ${size} bytes`);
    return size !== undefined;
  }, output);
}

interface Build {
  readonly plugin: TaskProject;
  readonly config: PluginConfig;
  readonly contract: TaskProject;
  readonly outFile: string;
  /** The author's module in AssemblyScript. */
  readonly main: string;
  readonly context: ExecutorContext;
  readonly output: Output;
}

/** @returns bytes of the module; undefined if there were mistakes, which have been printed */
async function compile(build: Build): Promise<number | undefined> {
  const { plugin, config, contract, outFile, main, context, output } = build;
  const { proto } = readWplugConfig(contract.folder, ["contract"]);
  // Read while the compiler runs, which takes ten times as long.
  const section = () => readSection(contract, join(contract.folder, proto), config);

  if (config.language !== "assemblyscript") {
    const { compileGo } = await import("../../languages/go/compile.js");
    const { folder, root } = plugin;
    const result = await compileGo({ compiler: config.language, folder, root, section, outFile });
    if (!result.ok) output.error(result.errors);
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
  for (const diagnostic of result.diagnostics) output.error(formatDiagnostic(diagnostic) + "\n");
  return result.ok ? result.size : undefined;
}

/** What tools can read about a plugin without running it. */
async function readSection(
  contract: TaskProject,
  protoRoot: string,
  { language }: PluginConfig,
): Promise<object> {
  // Loaded while the compiler runs, too.
  const { readContract } = await import("../../contract/read-contract.js");
  const { files } = await readContract(protoRoot);
  return {
    generator: `wplug ${wplugVersion()}`,
    contract: contract.name,
    // Hosts go by it: who frees memory differs in Go.
    language,
    services: files.flatMap(({ pluginServices }) =>
      pluginServices.map(({ typeName, version }) => ({ typeName, version })),
    ),
  };
}
