import { resolve } from "node:path";

import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { ContractError, mapPaths, type Diagnostic } from "../errors/contract-error";
import { shownPath } from "../system/shown-path";
import { compileProtos, findProtos } from "./compile/compile-protos";
import type { Contract, ContractFile } from "./contract";
import { buildContract } from "./model/build-contract";
import { withoutServices } from "./without-services";
import type { ProtoSources } from "./proto-sources";

/** The protos of a contract, read. */
export interface Protos {
  /** All files: the contract's own, those of the contracts that it imports, and well-known types. */
  readonly descriptors: FileDescriptorSet;
  /** Paths of the contract's own files, as protobuf knows them. */
  readonly paths: readonly string[];
  readonly contract: Contract;
  /** The messages of the contracts that it imports. */
  readonly imported: readonly ContractFile[];
  /** Where a file of the contract or of one that it imports is, relative to the current folder. */
  readonly onDisk: (path: string) => string;
}

export interface ReadOptions extends Omit<ProtoSources, "protoRoot"> {
  /** Told what may be as it is, but probably should not. */
  readonly warn?: ((warning: Diagnostic) => void) | undefined;
}

/**
 * The contract model of a folder of `.proto` files.
 *
 * A module apart from `generate`, as what only reads a contract should not wait until the emitters, with ts-morph, are
 * loaded: half a second.
 *
 * @throws ContractError with all mistakes in the `.proto` files; paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed, or there is nothing to compile
 */
export async function readContract(protoRoot: string, options?: ReadOptions): Promise<Contract> {
  return (await readProtos(protoRoot, options)).contract;
}

/** The contract model of a folder of `.proto` files, and what it was made from. */
export async function readProtos(
  protoRoot: string,
  { imports = [], findElsewhere, warn = () => {} }: ReadOptions = {},
): Promise<Protos> {
  const descriptors = await compileProtos({
    root: protoRoot,
    imports: imports.map((it) => it.protoRoot),
    findElsewhere,
  });
  const paths = findProtos(protoRoot);
  const others = new Map(
    imports.flatMap((from) => findProtos(from.protoRoot).map((path) => [path, from] as const)),
  );
  const onDisk = (path: string) =>
    shownPath(resolve(others.get(path)?.protoRoot ?? protoRoot, path));
  try {
    const contract = buildContract(descriptors, paths, {
      imported: others,
      warn: (it) => warn(mapPaths(it, onDisk)),
    });
    const imported = others.size === 0 ? [] : buildImported(descriptors, [...others.keys()]);
    return { descriptors, paths, contract, imported, onDisk };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw error.mapPaths(onDisk);
  }
}

/** What files of other contracts declare, without their services: those are for their own plugins and hosts. */
function buildImported(descriptors: FileDescriptorSet, paths: readonly string[]): ContractFile[] {
  return [...buildContract(withoutServices(descriptors, paths), paths).files];
}
