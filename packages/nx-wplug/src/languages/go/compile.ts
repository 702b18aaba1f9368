import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { writePlugin } from "../../wasm/write-plugin";
import type { CompileJob, CompileResult } from "../language";
import { type GoCompiler, runGo } from "./toolchain";

/**
 * Compiles a plugin, a Go module with a package main.
 *
 * @throws UserError if the compiler is not installed
 */
export async function compile(compiler: GoCompiler, job: CompileJob): Promise<CompileResult> {
  const { plugin, outFile } = job;
  const temporary = `${outFile}.${process.pid}.go`;
  await mkdir(dirname(outFile), { recursive: true });
  try {
    const args = ["build", ...FLAGS[compiler], "-o", temporary, "."];
    const env = { GOOS: "wasip1", GOARCH: "wasm" };
    const [{ status, stdout, stderr }, section] = await Promise.all([
      runGo(compiler, args, { cwd: plugin.folder, env }),
      job.section(),
    ]);
    if (status !== 0) {
      const errors = withPaths(`${stdout.toString()}${stderr}`.trim(), plugin.root);
      return { ok: false, messages: [errors] };
    }
    const size = await writePlugin(outFile, await readFile(temporary), section);
    return { ok: true, size, messages: [] };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A library (a reactor, in the words of WASI) that initialises once and stays; nothing in it about where it was built. */
const FLAGS: Readonly<Record<GoCompiler, readonly string[]>> = {
  go: ["-buildmode=c-shared", "-trimpath", "-buildvcs=false"],
  tinygo: ["-buildmode=c-shared", "-target=wasip1", "-scheduler=none", "-opt=z", "-no-debug"],
};

/** The compiler names files relative to the plugin's folder, people read them from the workspace's. */
function withPaths(errors: string, root: string): string {
  return errors.replace(/^(\.\/)?((?:[\w.-]+\/)*[\w.-]+\.go:\d+)/gm, `${root}/$2`);
}
