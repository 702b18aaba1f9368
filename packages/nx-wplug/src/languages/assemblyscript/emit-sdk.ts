import type { Contract } from "../../contract/contract";
import { hasServices } from "../../contract/has-services";
import type { GeneratedFile } from "../../generated/generated-file";
import { adaptNames } from "./sdk/adapt-names";
import { entryFile, indexFile, wholeEntryFile } from "./sdk/contract-files";
import { messageFile } from "./sdk/message-file";
import { pluginFile } from "./sdk/plugin-file";

/**
 * The AssemblyScript SDK of a contract: what plugin authors program against. Paths are relative to the folder for
 * AssemblyScript. The same contract gives the same bytes.
 */
export function emitSdk(source: Contract): GeneratedFile[] {
  const contract = adaptNames(source);
  const files: GeneratedFile[] = [];
  for (const file of contract.files) {
    files.push(messageFile(file));
    if (hasServices(file)) files.push(pluginFile(file));
    if (file.pluginServices.length > 0) files.push(entryFile(file));
  }
  files.push(indexFile(contract));
  if (contract.files.some((file) => file.pluginServices.length > 0)) {
    files.push(wholeEntryFile(contract));
  }
  return files;
}
