import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";

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
    environment(cargo).then((env) => runRust("cargo", args, plugin.folder, env)),
    job.section(),
  ]);
  const said = withPaths(withoutProgress(stderr), relative(job.workspaceRoot, cargo.workspaceRoot));
  if (status !== 0) return { ok: false, messages: [said] };
  const artifact = findModule(stdout.toString(), cargo);
  const names = (name: string) =>
    name.startsWith(EXPORT_PREFIX) ? name.slice(EXPORT_PREFIX.length) : name;
  const module = renameExports(await readFile(artifact), names);
  const size = await writePlugin(outFile, module, section);
  return { ok: true, size, messages: said === "" ? [] : [said] };
}

/**
 * Paths of this machine would be in the texts of panics: those of Cargo's registry are shortened, others are relative to the
 * Cargo workspace already. Flags of the user's own environment stay; Cargo does not add those of its configuration to them.
 *
 * @see https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags
 */
async function environment({ workspaceRoot }: CargoPackage): Promise<Record<string, string>> {
  const { CARGO_HOME, RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS } = process.env;
  const remap = [
    `--remap-path-prefix=${CARGO_HOME ?? join(homedir(), ".cargo")}=/cargo`,
    `--remap-path-prefix=${workspaceRoot}=/workspace`,
  ];
  const own =
    CARGO_ENCODED_RUSTFLAGS?.split("\x1f") ?? RUSTFLAGS?.split(" ").filter((it) => it !== "") ?? [];
  const link = (await isStripped(workspaceRoot)) ? ["-Clink-arg=--compress-relocations"] : [];
  return { CARGO_ENCODED_RUSTFLAGS: [...own, ...remap, ...link].join("\x1f") };
}

/**
 * Whether the release profile says that the module has no names. Numbers in its code can then be as short as they are, a
 * twelfth of it less; the linker refuses that where there is something for debuggers.
 *
 * @see https://doc.rust-lang.org/cargo/reference/profiles.html#strip
 */
async function isStripped(workspaceRoot: string): Promise<boolean> {
  if (process.env["CARGO_PROFILE_RELEASE_STRIP"] !== undefined) return false;
  const manifest = await readFile(join(workspaceRoot, "Cargo.toml"), "utf8");
  const [, profile = ""] =
    /^\[profile\.release\]\s*$([^]*?)(?=^\s*\[|$(?![^]))/m.exec(manifest) ?? [];
  return /^\s*strip\s*=\s*(?:true|"symbols")\s*(?:#|$)/m.test(profile);
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

/**
 * Cargo names files relative to its workspace, people read them from the workspace of Nx.
 *
 * @param root folder of the one, relative to the other
 */
function withPaths(messages: string, root: string): string {
  if (root === "") return messages;
  const folder = root.replaceAll("\\", "/");
  return messages.replace(/^(\s*(?:-->|:::) )(?!\/|[A-Za-z]:)/gm, (arrow) => `${arrow}${folder}/`);
}

/** What rustc says, without what Cargo says about its own progress. */
function withoutProgress(stderr: string): string {
  return stderr
    .replace(
      /^\s*(Blocking|Compiling|Finished|Fresh|Updating|Locking|Adding|Downloading|Downloaded) .*\n?/gm,
      "",
    )
    .trim();
}
