import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../errors/user-error";
import { renameExports } from "../../wasm/rename-exports";
import { writePlugin } from "../../wasm/write-plugin";
import type { CompileJob, CompileResult } from "../language";
import { type CargoPackage, readCargoPackage } from "./cargo-package";
import { EXPORT_PREFIX } from "./sdk/service-code";
import { runRust } from "./run-rust";

/**
 * Compiles a plugin, a Cargo package with a library for C.
 *
 * @throws UserError if Cargo is not installed
 */
export async function compile(job: CompileJob): Promise<CompileResult> {
  const { plugin, outFile } = job;
  const cargo = await readCargoPackage(plugin.folder);
  const args = [
    ...["build", "--release", "--lib", "--target", cargo.target],
    ...["--manifest-path", cargo.manifest, "--message-format", "json-render-diagnostics"],
  ];
  const [{ status, stdout, stderr }, section] = await Promise.all([
    runRust("cargo", args, plugin.folder, environment(cargo)),
    job.section(),
  ]);
  if (status !== 0) return { ok: false, messages: [stderr.trim()] };
  const artifact = findModule(stdout.toString(), cargo);
  const names = (name: string) =>
    name.startsWith(EXPORT_PREFIX) ? name.slice(EXPORT_PREFIX.length) : name;
  const module = renameExports(await readFile(artifact), names);
  const size = await writePlugin(outFile, module, section);
  return { ok: true, size, messages: warningsOf(stderr) };
}

/**
 * Paths of this machine would be in the texts of panics: those of Cargo's registry are shortened, others are relative to the
 * Cargo workspace already. Flags of the user's own environment stay; Cargo does not add those of its configuration to them.
 *
 * @see https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags
 */
function environment({ workspaceRoot }: CargoPackage): Record<string, string> {
  const { CARGO_HOME, RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS } = process.env;
  const remap = [
    `--remap-path-prefix=${CARGO_HOME ?? join(homedir(), ".cargo")}=/cargo`,
    `--remap-path-prefix=${workspaceRoot}=/workspace`,
  ];
  const own =
    CARGO_ENCODED_RUSTFLAGS?.split("\x1f") ?? RUSTFLAGS?.split(" ").filter((it) => it !== "") ?? [];
  return { CARGO_ENCODED_RUSTFLAGS: [...own, ...remap].join("\x1f") };
}

interface Artifact {
  readonly reason: string;
  readonly manifest_path: string;
  readonly filenames: readonly string[];
}

/** @see https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages */
function findModule(messages: string, { manifest }: CargoPackage): string {
  const file = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Artifact)
    .filter((it) => it.reason === "compiler-artifact" && it.manifest_path === manifest)
    .flatMap(({ filenames }) => filenames)
    .find((name) => name.endsWith(".wasm"));
  if (file === undefined) throw new UserError(`Cargo made no module of ${manifest}.`);
  return file;
}

/** What rustc says, without what Cargo says about its own progress. */
function warningsOf(stderr: string): string[] {
  const start = stderr.search(/^warning/m);
  if (start < 0) return [];
  return [
    stderr
      .slice(start)
      .replace(/^\s*(Finished|Compiling) .*\n?/gm, "")
      .trim(),
  ];
}
