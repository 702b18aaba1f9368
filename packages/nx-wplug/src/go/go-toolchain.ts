import { spawn } from "node:child_process";

import { UserError } from "../project/user-error";

/** A compiler for plugins in Go. */
export type GoCompiler = "go" | "tinygo";

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
}

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
export function runProgram(
  program: GoCompiler,
  args: readonly string[],
  { cwd, env, input }: RunOptions,
): Promise<ProgramRun> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "ENOENT" ? new UserError(missingProgram(program)) : error),
    );
    child.on("close", (status) =>
      done({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program that ends early does not read it; its status and stderr say why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/**
 * Checks that there is a Go that can build plugins.
 *
 * @param cwd folder of the module, whose go.mod may ask for a newer toolchain
 * @throws UserError that says what to install and where
 */
export async function checkGo(cwd: string): Promise<void> {
  const { status, stdout, stderr } = await runProgram("go", ["env", "GOVERSION"], { cwd });
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
