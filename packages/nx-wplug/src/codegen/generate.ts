import { resolve } from "node:path";

import { emitAssemblyScript } from "./assemblyscript";
import { codeDigest } from "./code-digest";
import type { Diagnostic } from "./contract-error";
import { readContract } from "./read-contract";
import { emitTypeScript } from "./typescript";
import { writeFiles, type Output } from "./write-files";

export interface GenerateOptions {
  /** Folder with the contract's `.proto` files, which imports are relative to. */
  readonly protoRoot: string;
  /** Folder for TypeScript. Without it, none is generated. */
  readonly typescriptOut?: string | undefined;
  /** Folder for AssemblyScript. Without it, none is generated. */
  readonly assemblyscriptOut?: string | undefined;
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
  const contract = await readContract(options.protoRoot, options.warn);
  const outputs: Output[] = [];
  if (options.typescriptOut !== undefined) {
    outputs.push({ folder: resolve(options.typescriptOut), files: emitTypeScript(contract) });
  }
  if (options.assemblyscriptOut !== undefined) {
    const files = emitAssemblyScript(contract);
    outputs.push({
      folder: resolve(options.assemblyscriptOut),
      files: [...files, codeDigest(files)],
    });
  }
  return outputs;
}
