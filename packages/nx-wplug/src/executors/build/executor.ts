import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { compilePlugin } from "../../asc/compile-plugin";
import { formatDiagnostic } from "../../asc/diagnostic";
import type { Contract } from "../../codegen";
import { wplugVersion } from "../../codegen/header";
import { readContract } from "../../codegen/read-contract";
import { importPathOf } from "../../project/import-path";
import { readWplugConfig } from "../../project/wplug-config";
import { findProject, runTask, taskProject } from "../run-task";
import type { BuildExecutorSchema } from "./schema";

/** Compiles a plugin to `dist/<project>.wasm`. What was built before stays if there is any error. */
export function buildExecutor(
  options: BuildExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const config = readWplugConfig(plugin.folder, ["plugin"]);
    const contract = findProject(context, config.contract);
    const importPath = importPathOf(context.root, contract.root);
    const { proto } = readWplugConfig(contract.folder, ["contract"]);
    const outFile = join(plugin.folder, options.outputFile ?? `dist/${plugin.name}.wasm`);

    const result = await compilePlugin({
      workspaceRoot: context.root,
      projectRoot: plugin.folder,
      entry: options.main,
      contractEntry: `${importPath}/assembly/gen/entry`,
      packages: { [`${importPath}/assembly`]: join(contract.folder, "assembly") },
      // At the same time as asc, which takes ten times as long.
      section: readContract(join(contract.folder, proto)).then((it) =>
        sectionOf(contract.name, it),
      ),
      outFile,
    });
    for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(diagnostic) + "\n");
    if (result.ok) console.log(`${relative(context.root, outFile)}  ${result.size} bytes`);
    return result.ok;
  });
}

/** What tools can read about a plugin without running it. */
function sectionOf(contract: string, { files }: Contract): object {
  return {
    generator: `wplug ${wplugVersion()}`,
    contract,
    services: files.flatMap(({ pluginServices }) =>
      pluginServices.map(({ typeName, version }) => ({ typeName, version })),
    ),
  };
}
