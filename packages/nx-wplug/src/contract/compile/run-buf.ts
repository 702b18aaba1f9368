import { CodeGeneratorError } from "../../errors/code-generator-error";
import { type ProgramRun, runProgram } from "../../system/run-program";
import type { Command } from "./buf-command";

/** buf's exit status when it found mistakes in the files. */
export const MISTAKES_FOUND = 100;

/**
 * Runs buf to its end.
 *
 * @throws CodeGeneratorError if it can't be started
 */
export function runBuf(
  command: Command,
  args: readonly string[],
  cwd: string,
): Promise<ProgramRun> {
  return runProgram(command.file, [...command.args, ...args], { cwd }).catch((error: Error) => {
    throw new CodeGeneratorError(`${command.file} can't be started: ${error.message}`);
  });
}
