import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { compilePlugin } from "../../asc/compile-plugin";
import { formatDiagnostic } from "../../asc/diagnostic";
import { type Contract, readContract, version } from "../../codegen";
import { compileGo } from "../../go/compile-go";
import type { GoCompiler } from "../../go/go-toolchain";
import { importPathOf } from "../../project/import-path";
import { readWplugConfig } from "../../project/wplug-config";
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
    const { proto } = readWplugConfig(contract.folder, ["contract"]);
    const section = sectionOf(contract.name, await readContract(join(contract.folder, proto)));
    const outFile = join(plugin.folder, options.outputFile ?? `dist/${plugin.name}.wasm`);
    const size =
      config.language === "assemblyscript"
        ? await buildAssemblyScript(plugin, contract, { options, context, section, outFile })
        : await buildGo(plugin, config.language, { section, outFile });
    if (size !== undefined) console.log(`${relative(context.root, outFile)}  ${size} bytes`);
    return size !== undefined;
  });
}

/** @returns bytes of the module; undefined if there were errors, which have been printed */
async function buildAssemblyScript(
  plugin: TaskProject,
  contract: TaskProject,
  {
    options,
    context,
    section,
    outFile,
  }: {
    readonly options: BuildExecutorSchema;
    readonly context: ExecutorContext;
    readonly section: object;
    readonly outFile: string;
  },
): Promise<number | undefined> {
  const importPath = importPathOf(context.root, contract.root);
  const result = await compilePlugin({
    workspaceRoot: context.root,
    projectRoot: plugin.folder,
    entry: options.main,
    contractEntry: `${importPath}/assembly/gen/entry`,
    packages: { [`${importPath}/assembly`]: join(contract.folder, "assembly") },
    section,
    outFile,
  });
  for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(diagnostic) + "\n");
  return result.ok ? result.size : undefined;
}

/** @returns bytes of the module; undefined if there were errors, which have been printed */
async function buildGo(
  { folder, root }: TaskProject,
  compiler: GoCompiler,
  { section, outFile }: { readonly section: object; readonly outFile: string },
): Promise<number | undefined> {
  const result = await compileGo({ compiler, folder, root, section, outFile });
  if (result.ok) return result.size;
  console.error(result.errors);
  return undefined;
}

/** What tools can read about a plugin without running it. */
function sectionOf(contract: string, { files }: Contract): object {
  return {
    generator: `wplug ${version()}`,
    contract,
    services: files.flatMap(({ pluginServices }) =>
      pluginServices.map(({ typeName, version }) => ({ typeName, version })),
    ),
  };
}
