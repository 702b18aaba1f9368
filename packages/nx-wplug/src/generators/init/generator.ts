import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  getProjects,
  readJson,
  type Tree,
} from "@nx/devkit";

import { wplugVersion } from "../../generated/header";
import { languagesOfContracts } from "../../languages/find-language";
import { checkWorkspace } from "../../system/check-workspace";
import type { TestRunner } from "../../workspace/test-runner";
import { usedTestRunner } from "../util/choose-test-runner";
import { runGenerator } from "../util/finish";
import { registerInNxJson } from "../util/nx-json";
import type { InitGeneratorSchema } from "./schema";

/** Newest versions that wplug is tested with; each language adds its own. */
const DEV_DEPENDENCIES = {
  "@types/node": "^20.19.0",
  typescript: "~6.0.3",
};

/** What tests need. */
const OF_TEST_RUNNERS: Readonly<Record<TestRunner, Readonly<Record<string, string>>>> = {
  jest: {
    "@swc/core": "^1.16.0",
    "@swc/jest": "~0.2.38",
    "@types/jest": "^30.0.0",
    jest: "~30.3.0",
  },
  vitest: { vitest: "~4.1.0" },
};

/** Registers wplug in nx.json and adds the packages that its projects need. Running it again changes nothing. */
export function initGenerator(
  tree: Tree,
  { skipFormat, unitTestRunner: runner = "auto" }: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    checkWorkspace(tree.root);
    registerInNxJson(tree);
    const used = runner === "auto" ? usedTestRunner(tree) : runner;
    const install = addDependencies(tree, used === "none" ? undefined : used);
    if (!skipFormat) await formatFiles(tree);
    return install;
  });
}

function addDependencies(tree: Tree, runner: TestRunner | undefined): GeneratorCallback {
  const { dependencies = {}, devDependencies = {} } = readJson<{
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  }>(tree, "package.json");
  const missing = (wanted: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(wanted).filter(
        ([name]) => !(name in dependencies) && !(name in devDependencies),
      ),
    );
  const ofLanguages = languagesOfContracts().map(({ sdk }) => sdk.devDependencies);
  // The packages of wplug are released together.
  const version = wplugVersion();
  const runtime = { "@wplug/runtime": version, "@wplug/well-known-types": version };
  const isLibrary = isRootLibrary(tree);
  return addDependenciesToPackageJson(
    tree,
    missing(isLibrary ? {} : runtime),
    missing({
      wplug: version,
      ...(isLibrary && runtime),
      ...DEV_DEPENDENCIES,
      ...(runner && OF_TEST_RUNNERS[runner]),
      ...(Object.assign({}, ...ofLanguages) as object),
    }),
    undefined,
    true,
  );
}

/**
 * Whether the workspace is itself a package that others install, in a repository of one: its `dependencies` are theirs too, and
 * have to be what its own code imports.
 */
function isRootLibrary(tree: Tree): boolean {
  const projects = [...getProjects(tree).values()];
  return projects.some(({ root, projectType }) => root === "." && projectType === "library");
}
