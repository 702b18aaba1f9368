import { createRequire } from "node:module";
import { join } from "node:path";

import { type GeneratorCallback, installPackagesTask, logger, type Tree } from "@nx/devkit";

import type * as Codegen from "../../codegen/generate-contract";
import { contractSources } from "../../config/contract-sources";
import { isUsersToMend } from "../../errors/is-users-to-mend";
import type { ContractReference } from "../../languages/new-plugin";
import { packageFolder } from "../../system/package-manager";
import { execCommand } from "../../workspace/workspace-kind";

/** The built module in the package. */
const CODEGEN = "dist/codegen/generate-contract.js";

/**
 * What remains once the files of a generator are written: installs packages, which also links new projects; generates the
 * SDKs, so that an editor finds every import; says what to do next.
 *
 * @param nextSteps arguments for nx
 * @param generateMore generates what is not of the contracts themselves
 */
export function finish(
  tree: Tree,
  contracts: readonly ContractReference[],
  nextSteps: readonly string[],
  generateMore?: () => Promise<void>,
): GeneratorCallback {
  // A new package.json may ask for no package that is missing, but the package manager has to link its project.
  const hasNewPackages = tree.listChanges().some(({ path }) => /(^|\/)package\.json$/.test(path));
  return async () => {
    if (hasNewPackages) installPackagesTask(tree, true);
    const { generateContract } = installedCodegen(tree.root);
    for (const { root, installed } of contracts) {
      if (installed !== undefined) continue;
      const folder = join(tree.root, root);
      const { imports = [] } = contractSources(folder);
      for (const imported of imports) await generateContract(imported.folder);
      await generateContract(folder);
    }
    await generateMore?.().catch(warnUser);
    const nx = `${execCommand()} nx`;
    logger.info(["", "Next:", ...nextSteps.map((step) => `  ${nx} ${step}`), ""].join("\n"));
  };
}

/**
 * The code generator as it is installed now. bun moves all packages the first time that a workspace has a project, and Node
 * would go on to look for what wplug depends on where wplug was.
 */
function installedCodegen(workspaceRoot: string): typeof Codegen {
  const own = join(__dirname, "../../..");
  const folder = packageFolder("wplug", workspaceRoot) ?? own;
  const place = folder === own ? "../../codegen/generate-contract" : join(folder, CODEGEN);
  return createRequire(__filename)(place) as typeof Codegen;
}

/** The files of the new project are there: what is missing for its first build is no failure of the generator. */
function warnUser(error: unknown): void {
  if (!isUsersToMend(error)) throw error;
  logger.warn(error.message);
}

/** Runs a generator. What a user can mend is reported without a stack trace. */
export async function runGenerator(
  body: () => Promise<GeneratorCallback>,
): Promise<GeneratorCallback> {
  try {
    return await body();
  } catch (error) {
    // Nx prints the message of an error that a generator throws, and its stack only when asked to be verbose.
    if (isUsersToMend(error)) delete error.stack;
    throw error;
  }
}
