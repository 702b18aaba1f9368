import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { writePlugin } from "../../wasm/write-plugin";
import { checkGo, type GoCompiler, runGo } from "./toolchain";

export interface CompileGoOptions {
  readonly compiler: GoCompiler;
  /** Absolute folder of the plugin: a Go module with a package main. */
  readonly folder: string;
  /** The same relative to the workspace, which paths in the compiler's errors are made relative to. */
  readonly root: string;
  /** What the custom section `wplug` says about the plugin, as JSON. Asked for while the compiler runs. */
  readonly section: () => Promise<object>;
  /** Absolute path of the module. Its folder is made where there is none. */
  readonly outFile: string;
}

export type CompileGoResult =
  /** @property size bytes of the module */
  | { readonly ok: true; readonly size: number }
  /** @property errors what the compiler printed */
  | { readonly ok: false; readonly errors: string };

/**
 * Compiles a plugin in Go. The same sources and the same compiler give the same bytes, on any machine and in any folder.
 * The module is written only if there are no errors, and at once.
 *
 * @throws UserError if the compiler is not installed, or too old
 */
export async function compileGo(options: CompileGoOptions): Promise<CompileGoResult> {
  const { compiler, folder, root, outFile } = options;
  await checkGo(folder);
  const temporary = `${outFile}.${process.pid}.go`;
  await mkdir(dirname(outFile), { recursive: true });
  try {
    const args = ["build", ...FLAGS[compiler], "-o", temporary, "."];
    const env = { GOOS: "wasip1", GOARCH: "wasm" };
    const [{ status, stdout, stderr }, section] = await Promise.all([
      runGo(compiler, args, { cwd: folder, env }),
      options.section(),
    ]);
    if (status !== 0) {
      return { ok: false, errors: withPaths(`${stdout.toString()}${stderr}`.trim(), root) };
    }
    return { ok: true, size: await writePlugin(outFile, await readFile(temporary), section) };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A library (a reactor, in the words of WASI) that initialises once and stays; nothing in it about where it was built. */
const FLAGS: Readonly<Record<GoCompiler, readonly string[]>> = {
  go: ["-buildmode=c-shared", "-trimpath", "-buildvcs=false"],
  tinygo: ["-buildmode=c-shared", "-target=wasip1", "-no-debug"],
};

/** The compiler names files relative to the plugin's folder, people read them from the workspace's. */
function withPaths(errors: string, root: string): string {
  return errors.replace(/^(\.\/)?((?:[\w.-]+\/)*[\w.-]+\.go:\d+)/gm, `${root}/$2`);
}
