import { join } from "node:path";

import { emit, formatDiagnostic, generate, type GenerateOptions, type Output } from "../../codegen";
import { readWplugConfig } from "../../project/wplug-config";

/**
 * Generates the SDKs of a contract, or nothing if there is any mistake in its protos.
 *
 * @param folder absolute folder of the contract's project
 * @throws UserError, ContractError, CodeGeneratorError
 */
export async function generateContract(folder: string): Promise<void> {
  await generate({
    ...optionsOf(folder),
    warn: (warning) => console.warn(`warning: ${formatDiagnostic(warning)}`),
  });
}

/** What `generateContract` would write. */
export function emitContract(folder: string): Promise<Output[]> {
  return emit(optionsOf(folder));
}

function optionsOf(folder: string): GenerateOptions {
  const { proto } = readWplugConfig(folder, ["contract"]);
  return {
    protoRoot: join(folder, proto),
    typescriptOut: join(folder, "src/gen"),
    assemblyscriptOut: join(folder, "assembly/gen"),
  };
}
