export { compileProtos, findProtos, type CompileProtosOptions } from "./compile/compile-protos";
export { bufCommand, type Command } from "./compile/buf-command";
export { findBreaking } from "./compile/find-breaking";
export { ContractError, type Diagnostic } from "./contract-error";
export { CodeGeneratorError } from "./code-generator-error";
export { buildContract } from "./model/build-contract";
export { emitTypeScript } from "./typescript";
export { emitAssemblyScript } from "./assemblyscript";
export { WELL_KNOWN_PROTOS } from "./well-known-protos";
export {
  emit,
  generate,
  readContract,
  readProtos,
  type GenerateOptions,
  type Protos,
} from "./generate";
export { findGenerated, type Output } from "./write-files";
export type { GeneratedFile } from "./generated-file";
export { wplugVersion as version } from "./header";
export type * from "./contract";
