import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

import { TARGETS } from "../cargo-package";
import { TemporaryFolder } from "../../../testing/temporary-folder";

/** A crate that depends on what plugins depend on; its source is `lib.rs`. */
export const PROBE_MANIFEST = `
[package]
name = "probe"
version = "0.1.0"
edition = "2021"
[lib]
path = "lib.rs"
[dependencies]
prost = { version = "0.14", default-features = false, features = ["derive"] }
prost-types = { version = "0.14", default-features = false }
chrono = { version = "0.4", default-features = false, optional = true }
time = { version = "0.3", default-features = false, optional = true }
[workspace]
`;

/** Why plugins in Rust can't be built on this machine; undefined if they can. */
export function whyNoRust(): string | undefined {
  const args = ["--print", "target-libdir", "--target", TARGETS[0]];
  const { status, stdout } = spawnSync("rustc", args, { encoding: "utf8" });
  if (status !== 0 || spawnSync("cargo", ["--version"]).status !== 0) return "no Rust toolchain";
  if (!existsSync(stdout.trim())) return `no ${TARGETS[0]}`;
  const folder = new TemporaryFolder({ "Cargo.toml": PROBE_MANIFEST, "lib.rs": "" });
  try {
    const fetch = spawnSync("cargo", ["fetch"], { cwd: folder.path, timeout: 60_000 });
    return fetch.status === 0 ? undefined : "the registry of crates is not reached";
  } finally {
    folder.remove();
  }
}
