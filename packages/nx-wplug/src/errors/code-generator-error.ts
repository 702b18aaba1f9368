/** A problem of the surroundings, not of the contract: a missing compiler, a missing folder, a file in the way. */
export class CodeGeneratorError extends Error {
  override readonly name = "CodeGeneratorError";
}
