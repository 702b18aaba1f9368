import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "jsonc-parser";

/**
 * Import path -> targets relative to the workspace's root, of the root configuration of TypeScript; empty if it maps no
 * paths.
 *
 * @param workspaceRoot absolute
 */
export function tsconfigPaths(workspaceRoot: string): Readonly<Record<string, readonly string[]>> {
  const path = join(workspaceRoot, "tsconfig.base.json");
  if (!existsSync(path)) return {};
  const { baseUrl, paths } = parseTsconfigPaths(readFileSync(path, "utf8"));
  return Object.fromEntries(
    Object.entries(paths).map(([name, targets]) => [
      name,
      targets.map((target) => join(baseUrl, target).replaceAll("\\", "/")),
    ]),
  );
}

/** What the text of a tsconfig.json says about paths. */
export function parseTsconfigPaths(
  text: string,
): Required<NonNullable<TsConfig["compilerOptions"]>> {
  const { compilerOptions = {} } = (parse(text) ?? {}) as TsConfig;
  const { baseUrl = ".", paths = {} } = compilerOptions;
  return { baseUrl, paths };
}

interface TsConfig {
  readonly compilerOptions?: {
    readonly baseUrl?: string;
    readonly paths?: Readonly<Record<string, readonly string[]>>;
  };
}
