import { type Tree, visitNotIgnoredFiles } from "@nx/devkit";
import { parse } from "jsonc-parser";

import { editJson } from "./edit-json";

interface TsConfig {
  readonly compilerOptions?: {
    readonly customConditions?: readonly string[];
    readonly module?: string;
    readonly moduleResolution?: string;
  };
}

const BASE = "tsconfig.base.json";

/**
 * Adds the condition by which TypeScript finds the sources of a package of the workspace, and returns its name. It is that of the
 * package alone: one for all packages, as Nx has, may be known in the repositories too where the package is installed, without
 * its sources.
 *
 * Where the settings that all projects share do not allow conditions, those of wplug's projects get it.
 */
export function addSourceCondition(tree: Tree, packageName: string): string {
  const condition = `${packageName}/source`;
  if (tree.exists(BASE) && allowsConditions(readConfig(tree, BASE))) {
    addTo(tree, BASE, condition);
    return condition;
  }
  visitNotIgnoredFiles(tree, ".", (path) => {
    const match = /^(?:(.*)\/)?wplug\.json$/.exec(path.replaceAll("\\", "/"));
    const file = match && `${match[1] ?? "."}/tsconfig.json`;
    if (file && tree.exists(file)) addTo(tree, file, condition);
  });
  return condition;
}

function readConfig(tree: Tree, file: string): TsConfig {
  return parse(tree.read(file, "utf-8") ?? "{}") as TsConfig;
}

function allowsConditions({ compilerOptions = {} }: TsConfig): boolean {
  const { moduleResolution, module = "" } = compilerOptions;
  return /^(bundler|node16|nodenext)$/i.test(moduleResolution ?? module);
}

function addTo(tree: Tree, file: string, condition: string): void {
  const text = tree.read(file, "utf-8") ?? "{}";
  const known = readConfig(tree, file).compilerOptions?.customConditions ?? [];
  if (known.includes(condition)) return;
  const place = ["compilerOptions", "customConditions"];
  tree.write(file, editJson(text, place, [...known, condition]));
}
