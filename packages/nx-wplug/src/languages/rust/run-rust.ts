import { UserError } from "../../errors/user-error";
import { type ProgramRun, runProgram } from "../../system/run-program";

/**
 * Runs `cargo` or `rustc` to its end.
 *
 * @throws UserError if it is not installed
 */
export function runRust(
  program: "cargo" | "rustc",
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> {
  return runProgram(program, args, { cwd, env }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? new UserError(
          `There is no "${program}" on the PATH, which plugins with "language": "rust" need: install Rust from https://rustup.rs.`,
        )
      : error;
  });
}
