import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { parse } from "jsonc-parser";

interface TsConfig {
  readonly compilerOptions?: { readonly customConditions?: readonly string[] };
}

/**
 * The conditions of `exports` by which TypeScript finds the sources of the workspace's packages, where others find what was
 * built: those that the tsconfig files of a folder, and of those above it, name.
 *
 * @param folder absolute
 * @see https://www.typescriptlang.org/tsconfig/#customConditions
 */
export function sourceConditions(folder: string): readonly string[] {
  const known = byFolder.get(folder);
  if (known !== undefined) return known;
  const own = ["tsconfig.json", "tsconfig.base.json"].flatMap((file) =>
    conditionsIn(join(folder, file)),
  );
  const parent = dirname(folder);
  const isTop = existsSync(join(folder, "nx.json")) || parent === folder;
  const all = [...new Set([...own, ...(isTop ? [] : sourceConditions(parent))])];
  byFolder.set(folder, all);
  return all;
}

/**
 * The option `resolve.conditions` of Vite with those conditions, in place of what it has by default; undefined if there are none, and
 * so nothing to say.
 *
 * @param folder absolute
 * @see https://vite.dev/config/shared-options#resolve-conditions
 */
export function viteConditions(folder: string, platform: "browser" | "node"): string[] | undefined {
  const sources = sourceConditions(folder);
  return sources.length === 0
    ? undefined
    : [...sources, "module", platform, "development|production"];
}

const byFolder = new Map<string, readonly string[]>();

function conditionsIn(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const config = parse(readFileSync(file, "utf8")) as TsConfig | undefined;
  return config?.compilerOptions?.customConditions ?? [];
}
