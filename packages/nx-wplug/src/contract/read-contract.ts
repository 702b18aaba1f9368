import { resolve } from "node:path";

import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { ContractError, mapPaths, type Diagnostic } from "../errors/contract-error";
import { shownPath } from "../system/shown-path";
import { compileProtos, findProtos } from "./compile/compile-protos";
import type { Contract } from "./contract";
import { buildContract } from "./model/build-contract";

/** A folder of `.proto` files, read. */
export interface Protos {
  readonly descriptors: FileDescriptorSet;
  /** Paths of the files in the folder, as protobuf knows them. The others are imports from elsewhere. */
  readonly paths: readonly string[];
  readonly contract: Contract;
}

/**
 * The contract model of a folder of `.proto` files.
 *
 * A module apart from `generate`, as what only reads a contract should not wait until the emitters, with ts-morph, are
 * loaded: half a second.
 *
 * @param warn told what may be as it is, but probably should not
 * @throws ContractError with all mistakes in the `.proto` files; paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed, or there is nothing to compile
 */
export async function readContract(
  protoRoot: string,
  warn?: (warning: Diagnostic) => void,
): Promise<Contract> {
  return (await readProtos(protoRoot, warn)).contract;
}

/** The contract model of a folder of `.proto` files, and what it was made from. */
export async function readProtos(
  protoRoot: string,
  warn: (warning: Diagnostic) => void = () => {},
): Promise<Protos> {
  const descriptors = await compileProtos({ root: protoRoot });
  const paths = findProtos(protoRoot);
  const onDisk = (path: string) => shownPath(resolve(protoRoot, path));
  try {
    const contract = buildContract(descriptors, paths, (it) => warn(mapPaths(it, onDisk)));
    return { descriptors, paths, contract };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw error.mapPaths(onDisk);
  }
}
