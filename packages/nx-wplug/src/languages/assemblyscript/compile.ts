import { join } from "node:path";

import { importPathOf } from "../../workspace/import-path";
import type { CompileJob, CompileResult } from "../language";
import { compilePlugin } from "./asc/compile-plugin";
import { formatDiagnostic } from "./asc/diagnostic";

/** Compiles a plugin with the code of its contract, which lies in the contract's project. */
export async function compile(job: CompileJob): Promise<CompileResult> {
  const { workspaceRoot, plugin, contract, imports, section, outFile } = job;
  const importPath = importPathOf(workspaceRoot, contract.root);
  const result = await compilePlugin({
    workspaceRoot,
    projectRoot: plugin.folder,
    entry: job.main ?? "assembly/index.ts",
    contractEntry: `${importPath}/assembly/gen/entry`,
    packages: Object.fromEntries(
      [{ importPath, folder: contract.folder }, ...imports].map((it) => [
        `${it.importPath}/assembly`,
        join(it.folder, "assembly"),
      ]),
    ),
    section,
    outFile,
  });
  const messages = result.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic) + "\n");
  return result.ok ? { ok: true, size: result.size, messages } : { ok: false, messages };
}
