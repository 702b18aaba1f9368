import { join } from "node:path";

import type { TomlTable } from "smol-toml";

import { cargoHome, readCargoConfig, readToml, tomlAt } from "./cargo-config";
import type { CargoPackage, RustTarget } from "./cargo-package";

/** How Cargo is told of options for rustc, beside those of the user. */
export interface RustFlags {
  /** Of its command line. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Options for rustc. Paths of this machine would be in the texts of panics: those of Cargo's registry are shortened, others are
 * relative to the Cargo workspace already.
 *
 * Cargo takes a user's own from one place alone: the environment; or else `target` of its configuration; or else `build`. Ours go to
 * where the user's are, as those of the places below would not count.
 *
 * @param folder absolute, where Cargo runs
 * @see https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags
 */
export async function rustFlags(
  { workspaceRoot, target }: CargoPackage,
  folder: string,
): Promise<RustFlags> {
  const config = await readCargoConfig(folder);
  const flags = [
    `--remap-path-prefix=${cargoHome()}=/cargo`,
    `--remap-path-prefix=${workspaceRoot}=/workspace`,
    ...((await isStripped(workspaceRoot, config)) ? ["-Clink-arg=--compress-relocations"] : []),
  ];
  const { RUSTFLAGS, CARGO_ENCODED_RUSTFLAGS } = process.env;
  const own =
    CARGO_ENCODED_RUSTFLAGS?.split("\x1f") ?? RUSTFLAGS?.split(" ").filter((it) => it !== "");
  if (own !== undefined) {
    return { args: [], env: { CARGO_ENCODED_RUSTFLAGS: [...own, ...flags].join("\x1f") } };
  }
  // It adds a list to those of files. A string in JSON is one in TOML.
  const key = placeOfFlags(config, target);
  return { args: ["--config", `${key}.rustflags=${JSON.stringify(flags)}`], env: {} };
}

function placeOfFlags(config: readonly TomlTable[], target: RustTarget): string {
  const ofTarget = `target.${target}`;
  const isSet = (name: string) =>
    process.env[`CARGO_${name.replace(/[.-]/g, "_").toUpperCase()}_RUSTFLAGS`] !== undefined;
  const inBuild =
    isSet("build") || config.some((it) => tomlAt(it, "build", "rustflags") !== undefined);
  if (!inBuild || isSet(ofTarget)) return ofTarget;
  const targets = config.flatMap((it) => Object.entries(tomlAt(it, "target") ?? {}));
  // Of conditions, those that are for WebAssembly; those for other systems don't matter.
  const counts = ([name, table]: [string, unknown]) =>
    (name === target || /^cfg\(.*(?:wasm|wasi)/.test(name)) &&
    tomlAt(table as TomlTable, "rustflags") !== undefined;
  return targets.some(counts) ? ofTarget : "build";
}

/**
 * Whether the release profile says that the module has no names. Numbers in its code can then be as short as they are, a
 * twelfth of it less; the linker refuses that where there is something for debuggers.
 *
 * @see https://doc.rust-lang.org/cargo/reference/profiles.html#strip
 */
async function isStripped(workspaceRoot: string, config: readonly TomlTable[]): Promise<boolean> {
  if (process.env["CARGO_PROFILE_RELEASE_STRIP"] !== undefined) return false;
  const manifest = (await readToml(join(workspaceRoot, "Cargo.toml"))) ?? {};
  const [strip] = [...config, manifest]
    .map((it) => tomlAt(it, "profile", "release", "strip"))
    .filter((it) => it !== undefined);
  return strip === true || strip === "symbols";
}
