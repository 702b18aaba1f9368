import { readJson, type Tree } from "@nx/devkit";

import { type TestRunner, testRunnerInTree } from "../../workspace/test-runner";

/** The option `unitTestRunner` of generators. `auto` is what the workspace uses. */
export type TestRunnerOption = TestRunner | "none" | "auto";

/**
 * What runs the tests of a new project; undefined for a project without tests. A project that is there already keeps what it has.
 *
 * @param root of the project
 */
export function chooseTestRunner(
  tree: Tree,
  root: string,
  option: TestRunnerOption = "auto",
): TestRunner | undefined {
  if (tree.exists(`${root}/wplug.json`)) return testRunnerInTree(tree, root);
  if (option === "none") return undefined;
  if (option !== "auto") return option;
  return usedTestRunner(tree) ?? "jest";
}

/** The runner that a workspace has installed; undefined if it has none, or both. */
export function usedTestRunner(tree: Tree): TestRunner | undefined {
  const { dependencies, devDependencies } = readJson<Record<string, object | undefined>>(
    tree,
    "package.json",
  );
  const installed = { ...dependencies, ...devDependencies };
  const found = (["jest", "vitest"] as const).filter((runner) => runner in installed);
  return found.length === 1 ? found[0] : undefined;
}
