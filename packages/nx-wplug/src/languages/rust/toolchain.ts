import { existsSync } from "node:fs";

import { UserError } from "../../errors/user-error";
import { readCargoPackage } from "./cargo-package";
import { runRust } from "./run-rust";

/** The first that compiles prost 0.14. */
const OLDEST = { major: 1, minor: 85 };

/**
 * Checks that there are Cargo, a Rust that is new enough, and the standard library of the plugin's target.
 *
 * @param folder absolute folder of the plugin, which may have a toolchain of its own
 * @throws UserError that says what to install and where
 */
export async function checkToolchain(folder: string): Promise<void> {
  const { target } = await readCargoPackage(folder);
  const args = ["--print", "target-libdir", "--target", target];
  const [libraries, version] = await Promise.all([rustc(args, folder), rustc(["-V"], folder)]);
  if (isOld(version)) {
    const { major, minor } = OLDEST;
    throw new UserError(
      `This is ${version}, which can't build plugins: they need ${major}.${minor} or newer. "rustup update" installs it, unless a rust-toolchain.toml asks for this one.`,
    );
  }
  if (existsSync(libraries)) return;
  throw new UserError(
    `Rust can't compile for ${target} yet, which plugins need: run "rustup target add ${target}".`,
  );
}

async function rustc(args: readonly string[], folder: string): Promise<string> {
  const { status, stdout, stderr } = await runRust("rustc", args, folder);
  if (status !== 0) {
    throw new UserError(`"rustc ${args.join(" ")}" failed in ${folder}: ${stderr.trim()}`);
  }
  return stdout.toString().trim();
}

/** @param version `rustc 1.95.0 (59807616e 2026-04-14)` */
function isOld(version: string): boolean {
  const [, major, minor] = /^rustc (\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return +major < OLDEST.major || (+major === OLDEST.major && +minor < OLDEST.minor);
}
