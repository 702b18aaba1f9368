import type { Contract } from "../../contract/contract";
import { hasServices } from "../../contract/has-services";
import type { GeneratedFile } from "../../generated/generated-file";
import { filePrinter } from "../../host-sdk/print-file";
import { indexFile } from "./sdk/index-file";
import { pluginFile } from "./sdk/plugin-file";
import { hasTable, tableFile } from "./sdk/table-file";

/**
 * What plugins in TypeScript program against, beside the messages of the host's SDK, in whose folder it lies. The same contract
 * gives the same bytes.
 */
export function emitSdk(contract: Contract): GeneratedFile[] {
  const print = filePrinter();
  const tables = contract.files.filter(hasTable).map((file) => tableFile(file, print));
  const files = contract.files.filter(hasServices).map((file) => pluginFile(file, print));
  return [...tables, ...files, indexFile(contract, print)];
}
