import type { Contract } from "../contract/contract";
import { hasServices } from "../contract/has-services";
import type { GeneratedFile } from "../generated/generated-file";
import { indexFile, wholeHostFile } from "./contract-files";
import { descriptorsFile } from "./descriptors-file";
import { hostFile } from "./host-file";
import { hasJson, jsonFile } from "./json-file";
import { messageFile } from "./message-file";
import { filePrinter } from "./print-file";

/**
 * The SDK for hosts, in TypeScript: what they and tests program against. Paths are relative to its folder. The same
 * contract gives the same bytes.
 */
export function emitHostSdk(contract: Contract): GeneratedFile[] {
  const print = filePrinter();
  const files = contract.files.flatMap((file) => [
    messageFile(file, print),
    ...(hasJson(file) ? [jsonFile(file, print)] : []),
    ...(hasServices(file) ? [hostFile(file, contract, print)] : []),
  ]);
  return [
    ...files,
    ...(contract.files.some(hasServices) ? [descriptorsFile(contract, print)] : []),
    indexFile(contract, print),
    wholeHostFile(contract, print),
  ];
}
