import type { Contract } from "../../../contract/contract";
import { hasServices } from "../../../contract/has-services";
import type { GeneratedFile } from "../../../generated/generated-file";
import { exportAll } from "../../../host-sdk/contract-files";
import { declaredTypes } from "../../../host-sdk/message-file";
import type { PrintFile } from "../../../host-sdk/print-file";
import { pluginExports } from "./plugin-file";

/** `plugin.ts`: the messages, enums and services of all files. */
export function indexFile(contract: Contract, print: PrintFile): GeneratedFile {
  const modules = contract.files.flatMap((file) => [
    { specifier: `./${file.stem}.pb.js`, names: declaredTypes(file) },
    ...(hasServices(file)
      ? [{ specifier: `./${file.stem}.plugin.js`, names: pluginExports(file) }]
      : []),
  ]);
  return print("plugin.ts", "the contract's protos", exportAll(modules));
}
