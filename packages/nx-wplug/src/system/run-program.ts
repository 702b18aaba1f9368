import { spawn } from "node:child_process";

export interface ProgramRun {
  /** Exit status; null if a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from stdin; nothing unless given. */
  readonly input?: Uint8Array;
}

/**
 * Runs a program to its end.
 *
 * @throws the error of `spawn` if it can't be started: `ENOENT` if there is none
 */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, input }: RunOptions,
): Promise<ProgramRun> {
  return new Promise((done, fail) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", fail);
    child.on("close", (status) =>
      done({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    // A program that ends early does not read it; its status and stderr say why.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
