import { spawn } from "node:child_process";

import { CodeGeneratorError } from "../code-generator-error";
import type { Command } from "./buf-command";

/** buf's exit status when it found mistakes in the files. */
export const MISTAKES_FOUND = 100;

/** Runs buf to its end. */
export function runBuf(
  command: Command,
  args: readonly string[],
  cwd: string,
): Promise<{ status: number | null; stdout: Buffer; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command.file, [...command.args, ...args], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) =>
      fail(new CodeGeneratorError(`${command.file} can't be started: ${error.message}`)),
    );
    child.on("close", (status) =>
      done({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}
