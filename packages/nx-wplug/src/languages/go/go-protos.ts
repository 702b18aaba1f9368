import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import type { ContractFile } from "../../contract/contract";
import type { Protos } from "../../contract/read-contract";
import { withoutServices } from "../../contract/without-services";

/** The protos that one Go module has the code of. */
export interface GoProtos {
  readonly descriptors: FileDescriptorSet;
  /** Paths of the files that code is generated for. */
  readonly paths: readonly string[];
  readonly files: readonly ContractFile[];
}

/**
 * A module of Go finds no code in npm packages, so what a contract imports from others lies in the module with it: the
 * messages alone, as their services are for other plugins.
 */
export function goProtos({ descriptors, paths, contract, imported }: Protos): GoProtos {
  if (imported.length === 0) return { descriptors, paths, files: contract.files };
  const foreign = imported.map(({ path }) => path);
  return {
    descriptors: withoutServices(descriptors, foreign),
    paths: [...foreign, ...paths],
    files: [...imported, ...contract.files],
  };
}
