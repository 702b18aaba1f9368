import { resolve } from "node:path";

import type { ProtoSources } from "../contract/proto-sources";
import { readContract } from "../contract/read-contract";
import type { Diagnostic } from "../errors/contract-error";
import { codeDigest } from "../generated/code-digest";
import { type Output, WPLUG_MARK, writeFiles } from "../generated/write-files";
import { emitHostSdk } from "../host-sdk";
import { languagesOfContracts } from "../languages/find-language";

export interface GenerateOptions extends ProtoSources {
  /** Folder for the SDK of hosts. Without it, none is generated. */
  readonly hostOut?: string | undefined;
  /** Folders for the SDKs of plugins, by the name of their language. Others are not generated. */
  readonly pluginOuts?: Readonly<Record<string, string>>;
  /** Told what may be as it is, but probably should not. */
  readonly warn?: ((warning: Diagnostic) => void) | undefined;
}

/**
 * Generates the SDKs of a contract. Files that an earlier run generated and that are not needed any more are removed.
 * If anything is wrong, nothing is written.
 *
 * @returns paths of the generated files
 * @throws ContractError with all mistakes in the `.proto` files; paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed, there is nothing to compile, or a file is in the way
 */
export async function generate(options: GenerateOptions): Promise<readonly string[]> {
  return writeFiles(await emit(options));
}

/**
 * What `generate` would write.
 *
 * @throws ContractError, CodeGeneratorError as `generate`
 */
export async function emit(options: GenerateOptions): Promise<Output[]> {
  const { protoRoot, hostOut, pluginOuts = {} } = options;
  const contract = await readContract(protoRoot, options);
  const outputs: Output[] = [];
  if (hostOut !== undefined) {
    outputs.push({ folder: resolve(hostOut), files: emitHostSdk(contract), mark: WPLUG_MARK });
  }
  for (const { name, sdk } of languagesOfContracts()) {
    const folder = pluginOuts[name];
    if (folder === undefined) continue;
    const files = await sdk.emit(contract);
    outputs.push({
      folder: resolve(folder),
      files: [...files, codeDigest(files)],
      mark: WPLUG_MARK,
    });
  }
  return byFolder(outputs);
}

/** One for each folder: what is generated there beside an output is not stale. */
function byFolder(outputs: readonly Output[]): Output[] {
  const merged = new Map<string, Output>();
  for (const output of outputs) {
    const { files = [] } = merged.get(output.folder) ?? {};
    merged.set(output.folder, { ...output, files: [...files, ...output.files] });
  }
  return [...merged.values()];
}
