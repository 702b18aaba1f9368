import { resolve } from "node:path";

import { compileProtos, findProtos, shownPath } from "./compile/compile-protos";
import { ContractError } from "./contract-error";
import type { Contract } from "./contract";
import { buildContract } from "./model/build-contract";

/**
 * The contract model of a folder of `.proto` files.
 *
 * A module apart from `generate`, as what only reads a contract should not wait until the emitters, with ts-morph, are
 * loaded: half a second.
 *
 * @throws ContractError with all mistakes in the `.proto` files; paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed, or there is nothing to compile
 */
export async function readContract(protoRoot: string): Promise<Contract> {
  const set = await compileProtos({ root: protoRoot });
  try {
    return buildContract(set, findProtos(protoRoot));
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw error.mapPaths((path) => shownPath(resolve(protoRoot, path)));
  }
}
