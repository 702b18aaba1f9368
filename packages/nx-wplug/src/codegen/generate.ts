import { resolve } from "node:path";

import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { emitAssemblyScript } from "./assemblyscript";
import { codeDigest } from "./code-digest";
import { compileProtos, findProtos, shownPath } from "./compile/compile-protos";
import { ContractError } from "./contract-error";
import type { Contract } from "./contract";
import { buildContract } from "./model/build-contract";
import { emitTypeScript } from "./typescript";
import { writeFiles, type Output } from "./write-files";

export interface GenerateOptions {
  /** Folder with the contract's `.proto` files, which imports are relative to. */
  readonly protoRoot: string;
  /** Folder for TypeScript. Without it, none is generated. */
  readonly typescriptOut?: string | undefined;
  /** Folder for AssemblyScript. Without it, none is generated. */
  readonly assemblyscriptOut?: string | undefined;
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
  const contract = await readContract(options.protoRoot);
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

/**
 * The contract model of a folder of `.proto` files.
 *
 * @throws ContractError, CodeGeneratorError as `generate`
 */
export async function readContract(protoRoot: string): Promise<Contract> {
  return (await readProtos(protoRoot)).contract;
}

/** A folder of `.proto` files, read. */
export interface Protos {
  readonly descriptors: FileDescriptorSet;
  /** Paths of the files in the folder, as protobuf knows them. The others are imports from elsewhere. */
  readonly paths: readonly string[];
  readonly contract: Contract;
}

/**
 * The descriptors of a folder of `.proto` files, and their contract model.
 *
 * @throws ContractError, CodeGeneratorError as `generate`
 */
export async function readProtos(protoRoot: string): Promise<Protos> {
  const descriptors = await compileProtos({ root: protoRoot });
  const paths = findProtos(protoRoot);
  try {
    return { descriptors, paths, contract: buildContract(descriptors, paths) };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw error.mapPaths((path) => shownPath(resolve(protoRoot, path)));
  }
}
