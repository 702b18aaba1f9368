import { UserError } from "../../errors/user-error";
import { type ProgramRun, runProgram, type RunOptions } from "../../system/run-program";

/** A compiler for plugins in Go. */
export type GoCompiler = "go" | "tinygo";

/** The first with `//go:wasmexport`, which go-plugin's SDK needs. */
const OLDEST = { major: 1, minor: 24 };

const MISSING: Readonly<Record<GoCompiler, string>> = {
  go: "install Go 1.24 or newer from https://go.dev/dl/",
  tinygo: "install TinyGo from https://tinygo.org/getting-started/install/",
};

/**
 * Runs `go` or `tinygo` to its end.
 *
 * @throws UserError if it is not installed
 */
export function runGo(
  program: GoCompiler,
  args: readonly string[],
  options: RunOptions,
): Promise<ProgramRun> {
  return runProgram(program, args, options).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new UserError(missingProgram(program)) : error;
  });
}

/**
 * Checks that there is a Go that can build plugins.
 *
 * @param cwd folder of the module, whose go.mod may ask for a newer toolchain
 * @throws UserError that says what to install and where
 */
export async function checkToolchain(cwd: string): Promise<void> {
  const { status, stdout, stderr } = await runGo("go", ["env", "GOVERSION"], { cwd });
  if (status !== 0) throw new UserError(`"go env GOVERSION" failed in ${cwd}: ${stderr.trim()}`);
  const version = stdout.toString().trim();
  if (isOld(version)) {
    throw new UserError(`This is ${version}, which can't build plugins: ${MISSING.go}.`);
  }
}

function missingProgram(program: GoCompiler): string {
  return `There is no "${program}" on the PATH, which plugins with "language": "${program}" need: ${MISSING[program]}.`;
}

/** Development versions (`devel go1.27-abcdef`) count as what they will become. */
function isOld(version: string): boolean {
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return +major < OLDEST.major || (+major === OLDEST.major && +minor < OLDEST.minor);
}
