import { join } from "node:path";

import { generate } from "../../codegen";
import { readWplugConfig } from "../../project/wplug-config";

/**
 * Generates the SDKs of a contract, or nothing if there is any mistake in its protos.
 *
 * @param folder absolute folder of the contract's project
 * @throws UserError, ContractError, CodeGeneratorError
 */
export async function generateContract(folder: string): Promise<void> {
  const { proto } = readWplugConfig(folder, ["contract"]);
  await generate({
    protoRoot: join(folder, proto),
    typescriptOut: join(folder, "src/gen"),
    assemblyscriptOut: join(folder, "assembly/gen"),
  });
}
