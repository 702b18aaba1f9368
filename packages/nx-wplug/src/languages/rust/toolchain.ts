import { existsSync } from "node:fs";

import { UserError } from "../../errors/user-error";
import { readCargoPackage } from "./cargo-package";
import { runRust } from "./run-rust";

/**
 * Checks that there are Cargo and the standard library of the plugin's target.
 *
 * @param folder absolute folder of the plugin, which may have a toolchain of its own
 * @throws UserError that says what to install and where
 */
export async function checkToolchain(folder: string): Promise<void> {
  const { target } = await readCargoPackage(folder);
  const args = ["--print", "target-libdir", "--target", target];
  const { status, stdout, stderr } = await runRust("rustc", args, folder);
  if (status !== 0) {
    throw new UserError(`"rustc ${args.join(" ")}" failed in ${folder}: ${stderr.trim()}`);
  }
  if (existsSync(stdout.toString().trim())) return;
  throw new UserError(
    `Rust can't compile for ${target} yet, which plugins need: run "rustup target add ${target}".`,
  );
}
