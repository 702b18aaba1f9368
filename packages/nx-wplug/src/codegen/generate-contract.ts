import { join, posix } from "node:path";

import { contractSources } from "../config/contract-sources";
import { formatDiagnostic } from "../errors/contract-error";
import type { Output } from "../generated/write-files";
import { languagesOfContracts } from "../languages/find-language";
import type { GenerateOptions } from "./generate";
import { HOST_OUT } from "./host-out";

/**
 * The folders of a contract that nobody edits.
 *
 * @param root of the contract's project, relative to the workspace's, with forward slashes
 */
export function generatedFolders(root: string): string[] {
  const folders = [HOST_OUT, ...languagesOfContracts().map(({ sdk }) => sdk.folder)];
  // SDKs may share one.
  return [...new Set(folders)].map((folder) => posix.join(root, folder));
}

/**
 * Generates the SDKs of a contract, or nothing if there is any mistake in its protos.
 *
 * @param folder absolute folder of the contract's project
 * @throws UserError, ContractError, CodeGeneratorError
 */
export async function generateContract(folder: string): Promise<void> {
  const options = optionsOf(folder);
  // Loaded here, as it takes half a second, with ts-morph.
  const { generate } = await import("./generate.js");
  await generate({
    ...options,
    warn: (warning) => console.warn(`warning: ${formatDiagnostic(warning)}`),
  });
}

/** What `generateContract` would write. */
export async function emitContract(folder: string): Promise<Output[]> {
  const options = optionsOf(folder);
  const { emit } = await import("./generate.js");
  return emit(options);
}

function optionsOf(folder: string): GenerateOptions {
  const outs = languagesOfContracts().map(({ name, sdk }) => [name, join(folder, sdk.folder)]);
  return {
    ...contractSources(folder),
    hostOut: join(folder, HOST_OUT),
    pluginOuts: Object.fromEntries(outs) as Record<string, string>,
  };
}
