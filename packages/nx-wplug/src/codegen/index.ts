export {
  compileProtos,
  findProtos,
  type CompileProtosOptions,
} from "../contract/compile/compile-protos";
export { bufCommand, type Command } from "../contract/compile/buf-command";
export { findBreaking } from "../contract/compile/find-breaking";
export {
  ContractError,
  formatDiagnostic,
  type Diagnostic,
  type Place,
} from "../errors/contract-error";
export { CodeGeneratorError } from "../errors/code-generator-error";
export { buildContract } from "../contract/model/build-contract";
export { emitHostSdk } from "../host-sdk";
export { WELL_KNOWN_PROTOS } from "../contract/well-known-protos";
export { emit, generate, type GenerateOptions } from "./generate";
export { readContract, readProtos, type Protos } from "../contract/read-contract";
export { findGenerated, type Output } from "../generated/write-files";
export type { GeneratedFile } from "../generated/generated-file";
export { wplugVersion as version } from "../generated/header";
export type * from "../contract/contract";
