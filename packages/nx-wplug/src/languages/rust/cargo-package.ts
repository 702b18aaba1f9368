import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../errors/user-error";
import { runRust } from "./run-rust";

/** What plugins are compiled for: with files, clocks and output, or without, which is smallest. */
export const TARGETS = ["wasm32-wasip1", "wasm32-unknown-unknown"] as const;

export type RustTarget = (typeof TARGETS)[number];

/** The Cargo package of a plugin. */
export interface CargoPackage {
  /** Absolute path of its Cargo.toml, as Cargo writes it. */
  readonly manifest: string;
  /** Absolute folder of the Cargo workspace that it is in: its own if it is in none. */
  readonly workspaceRoot: string;
  readonly target: RustTarget;
}

interface Metadata {
  readonly workspace_root: string;
  readonly packages: readonly {
    readonly manifest_path: string;
    readonly metadata: { readonly wplug?: { readonly target?: unknown } } | null;
    readonly targets: readonly { readonly crate_types: readonly string[] }[];
  }[];
}

/**
 * Reads the Cargo.toml of a plugin.
 *
 * @param folder absolute
 * @throws UserError if there is none, or it can't be the one of a plugin
 * @see https://doc.rust-lang.org/cargo/commands/cargo-metadata.html
 */
export async function readCargoPackage(folder: string): Promise<CargoPackage> {
  const file = join(folder, "Cargo.toml");
  if (!existsSync(file)) {
    throw new UserError(
      `There is no ${file}: a plugin in Rust is a Cargo package. "cargo init --lib" makes one; "crate-type" of its [lib] has to be ["cdylib"].`,
    );
  }
  const args = ["metadata", "--no-deps", "--format-version", "1", "--manifest-path", file];
  // With a stack, rustup's sentence about a toolchain that is not installed would have its own below it.
  const env = { RUST_BACKTRACE: "0" };
  const { status, stdout, stderr } = await runRust("cargo", args, folder, env);
  if (status !== 0) throw new UserError(`Cargo can't run for ${file}: ${stderr.trim()}`);
  const { packages, workspace_root: workspaceRoot } = JSON.parse(stdout.toString()) as Metadata;
  const found = packages.find(({ manifest_path: path }) => isSameFile(path, file));
  if (found === undefined) throw new UserError(`${file} has no [package].`);
  if (!found.targets.some((it) => it.crate_types.includes("cdylib"))) {
    throw new UserError(`${file} is not of a plugin: it needs [lib] with crate-type = ["cdylib"].`);
  }
  const target = found.metadata?.wplug?.target ?? TARGETS[0];
  if (!TARGETS.some((it) => it === target)) {
    throw new UserError(
      `"target" of [package.metadata.wplug] in ${file} must be one of ${TARGETS.map((it) => `"${it}"`).join(", ")}, not ${JSON.stringify(target)}.`,
    );
  }
  return { manifest: found.manifest_path, workspaceRoot, target: target as RustTarget };
}

/** Cargo follows links in paths, and writes them with the separators of the platform. */
function isSameFile(a: string, b: string): boolean {
  return realpathSync.native(a) === realpathSync.native(b);
}
