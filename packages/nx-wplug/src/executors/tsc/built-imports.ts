import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { contractSources } from "../../config/contract-sources";
import { CONFIG_FILE, parseWplugConfig } from "../../config/wplug-config";
import type { ImportedProtos } from "../../contract/proto-sources";
import { withTemporaryFolder } from "../../system/with-temporary-folder";
import { tsconfigPaths } from "../../workspace/tsconfig-paths";

/**
 * Compiles a project with a configuration by which the contracts that it imports are what their `build` has made of them:
 * their sources would be compiled with it, into its own folder.
 *
 * @param folder absolute folder of the project
 * @param config of the project, relative to it
 * @param compile is given the configuration to use, which is gone afterwards
 */
export async function withBuiltImports<T>(
  workspaceRoot: string,
  folder: string,
  config: string,
  compile: (config: string) => Promise<T>,
): Promise<T> {
  const imports = importsOf(folder);
  if (imports.length === 0) return compile(config);
  const paths: Record<string, readonly string[]> = {};
  for (const [path, targets] of Object.entries(tsconfigPaths(workspaceRoot))) {
    paths[path] = targets.map((target) => join(workspaceRoot, target));
  }
  for (const { importPath, folder: other } of imports) {
    paths[importPath] = [join(other, "dist/index.d.ts")];
    paths[`${importPath}/host`] = [join(other, "dist/host.d.ts")];
    paths[`${importPath}/gen/*`] = [join(other, "dist/gen/*.d.ts")];
  }
  return withTemporaryFolder(folder, "tsc", async (temporary) => {
    const file = join(temporary, "tsconfig.json");
    const content = { extends: join(folder, config), compilerOptions: { paths } };
    await writeFile(file, JSON.stringify(content));
    return compile(file);
  });
}

function importsOf(folder: string): readonly ImportedProtos[] {
  const file = join(folder, CONFIG_FILE);
  if (!existsSync(file)) return [];
  const { type } = parseWplugConfig(readFileSync(file, "utf8"), file);
  return type === "contract" ? (contractSources(folder).imports ?? []) : [];
}
