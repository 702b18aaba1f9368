import type { Protos } from "../../../contract/read-contract";
import type { Diagnostic } from "../../../errors/contract-error";

/** It imports nothing. */
export function findGaps({ contract }: Protos): Diagnostic[] {
  return contract.files.flatMap(({ path, hostService }) =>
    hostService === undefined
      ? []
      : [{ path, line: 1, column: 1, message: `it can't call ${hostService.name}: remove it` }],
  );
}
