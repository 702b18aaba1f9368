import { chmodSync } from "node:fs";
import { join } from "node:path";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { checkToolchain } from "./toolchain";

// A stand-in for Go: the machine has one version of it, or none.
describe("checkToolchain", () => {
  const path = process.env["PATH"];
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder();
    process.env["PATH"] = folder.path;
  });

  afterEach(() => {
    process.env["PATH"] = path;
    folder.remove();
  });

  const install = (script: string) => {
    folder.write("go", `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder.path, "go"), 0o755);
  };

  it.each(["go1.24", "go1.26.8", "go2.0", "devel go1.27-2bd1a6a Tue Jan 6"])(
    "is content with %s",
    async (version) => {
      install(`echo ${version}`);
      await expect(checkToolchain(folder.path)).resolves.toBeUndefined();
    },
  );

  it("says what to install where Go is too old", async () => {
    install("echo go1.23.4");
    await expect(checkToolchain(folder.path)).rejects.toThrow(
      "This is go1.23.4, which can't build plugins: install Go 1.24 or newer from https://go.dev/dl/.",
    );
  });

  it("says what to install where there is no Go", async () => {
    await expect(checkToolchain(folder.path)).rejects.toThrow(
      'There is no "go" on the PATH, which plugins with "language": "go" need: install Go 1.24 or newer from https://go.dev/dl/.',
    );
  });

  it("says what Go says where it fails", async () => {
    install("echo go: errors parsing go.mod >&2; exit 1");
    await expect(checkToolchain(folder.path)).rejects.toThrow("go: errors parsing go.mod");
  });
});
