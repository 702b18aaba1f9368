import { chmodSync } from "node:fs";
import { join } from "node:path";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { checkToolchain } from "./toolchain";

// Stand-ins for Cargo and rustc: the machine has one version of them, or none.
describe("checkToolchain", () => {
  const path = process.env["PATH"];
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder({ "Cargo.toml": "" });
    process.env["PATH"] = `${folder.path}:${path}`;
    const metadata = {
      workspace_root: folder.path,
      packages: [
        {
          manifest_path: join(folder.path, "Cargo.toml"),
          metadata: null,
          targets: [{ crate_types: ["cdylib"] }],
        },
      ],
    };
    install("cargo", `echo '${JSON.stringify(metadata)}'`);
  });

  afterEach(() => {
    process.env["PATH"] = path;
    folder.remove();
  });

  const install = (program: string, script: string) => {
    folder.write(program, `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder.path, program), 0o755);
  };

  const installRustc = (version: string, libraries = folder.path) =>
    install("rustc", `test "$1" = -V && echo "rustc ${version}" || echo "${libraries}"`);

  it.each(["1.85.0 (4d91de4e4 2025-02-17)", "1.95.0", "2.0.0", "1.97.0-nightly (abc 2026-05-01)"])(
    "is content with %s",
    async (version) => {
      installRustc(version);
      await expect(checkToolchain(folder.path)).resolves.toBeUndefined();
    },
  );

  it("says what to do where Rust is too old", async () => {
    installRustc("1.84.1 (e71f9a9a9 2025-01-27)");
    await expect(checkToolchain(folder.path)).rejects.toThrow(
      'This is rustc 1.84.1 (e71f9a9a9 2025-01-27), which can\'t build plugins: they need 1.85 or newer. "rustup update" installs it, unless a rust-toolchain.toml asks for this one.',
    );
  });

  it("says what to do where the standard library of the target lacks", async () => {
    installRustc("1.95.0", "/nowhere");
    await expect(checkToolchain(folder.path)).rejects.toThrow(
      'Rust can\'t compile for wasm32-wasip1 yet, which plugins need: run "rustup target add wasm32-wasip1".',
    );
  });

  it("says what rustup says where a toolchain lacks, without the stack of rustup", async () => {
    install(
      "cargo",
      `echo "error: toolchain '1.70' is not installed" >&2\ntest "$RUST_BACKTRACE" = 0 || echo "Stack backtrace:" >&2\nexit 1`,
    );
    const { RUST_BACKTRACE } = process.env;
    process.env["RUST_BACKTRACE"] = "1";
    try {
      await expect(checkToolchain(folder.path)).rejects.toThrow(
        /^Cargo can't run for .*Cargo\.toml: error: toolchain '1\.70' is not installed$/,
      );
    } finally {
      if (RUST_BACKTRACE === undefined) delete process.env["RUST_BACKTRACE"];
      else process.env["RUST_BACKTRACE"] = RUST_BACKTRACE;
    }
  });
});
