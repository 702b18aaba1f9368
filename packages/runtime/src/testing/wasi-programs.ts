import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A compiler of others, and the plugin that it makes of WASI and its own standard library. */
export interface WasiProgram {
  readonly language: string;
  /** Builds the plugin and returns the path of the wasm; undefined where there is no such compiler. */
  readonly build: (() => string) | undefined;
}

const here = (path: string): string => join(__dirname, path);
const output = (): string => join(mkdtempSync(join(tmpdir(), "wplug-wasi-")), "plugin.wasm");

function compile(program: string, options: readonly string[]): () => string {
  return () => {
    const path = output();
    execFileSync(program, [...options, "-o", path], { stdio: ["ignore", "ignore", "pipe"] });
    return path;
  };
}

/** Debian has all that is needed in the packages clang, lld, wasi-libc and libclang-rt-dev-wasm32. */
function cProgram(): WasiProgram["build"] {
  const options = ["--target=wasm32-wasi", "-mexec-model=reactor", "-O2"];
  const test = ["-x", "c", "-", "-o", output()];
  const { status } = spawnSync("clang", [...options, ...test], { input: "#include <stdio.h>\n" });
  return status === 0 ? compile("clang", [...options, here("c-plugin/plugin.c")]) : undefined;
}

/** Debian has it in the packages rustc and libstd-rust-dev-wasm32, others in a target of rustup. */
function rustProgram(): WasiProgram["build"] {
  for (const rustc of ["rustc", "/usr/bin/rustc"]) {
    for (const target of ["wasm32-wasip1", "wasm32-wasi"]) {
      const options = ["--print", "target-libdir", "--target", target];
      const { status, stdout } = spawnSync(rustc, options, { encoding: "utf8" });
      if (status !== 0 || !existsSync(stdout.trim())) continue;
      const exported = ["malloc", "free"].map((name) => `-Clink-arg=--export=${name}`);
      return compile(rustc, [
        ...["--target", target, "--crate-type", "cdylib", "-O", ...exported],
        here("rust-plugin/plugin.rs"),
      ]);
    }
  }
  return undefined;
}

export const wasiPrograms: readonly WasiProgram[] = [
  { language: "C", build: cProgram() },
  { language: "Rust", build: rustProgram() },
];
