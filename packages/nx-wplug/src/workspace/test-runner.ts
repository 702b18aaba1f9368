import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Tree } from "@nx/devkit";

/** What can run the tests of a project. */
export type TestRunner = "jest" | "vitest";

const ENDINGS = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/** The files by which a runner knows a project. Vitest reads those of Vite too, which a page has without any tests. */
const CONFIGS: Readonly<Record<TestRunner, readonly string[]>> = {
  jest: configs("jest"),
  vitest: configs("vitest"),
};

function configs(name: string): string[] {
  return ENDINGS.map((ending) => `${name}.config.${ending}`);
}

/**
 * What runs the tests of a project: the runner that has its configuration there; undefined if none has.
 *
 * @param folder absolute
 */
export function testRunnerIn(folder: string): TestRunner | undefined {
  return runnerWith((file) => existsSync(join(folder, file)));
}

/** Likewise in a generator. */
export function testRunnerInTree(tree: Tree, root: string): TestRunner | undefined {
  return runnerWith((file) => tree.exists(`${root}/${file}`));
}

function runnerWith(exists: (file: string) => boolean): TestRunner | undefined {
  const runners = ["jest", "vitest"] as const;
  return runners.find((runner) => CONFIGS[runner].some(exists));
}
