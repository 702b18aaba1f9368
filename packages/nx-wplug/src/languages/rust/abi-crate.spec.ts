import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { dirname } from "node:path";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { whyNoRust } from "./testing/has-rust";

const why = whyNoRust();
if (why !== undefined) {
  it(`the crate of the ABI: not run, ${why}`, () => {
    expect(why).toBeDefined();
  });
}

(why === undefined ? describe : () => {})("the crate of the ABI", () => {
  let folder: TemporaryFolder;
  beforeAll(() => {
    folder = new TemporaryFolder();
    const runtime = dirname(require.resolve("@wplug/runtime/package.json"));
    cpSync(`${runtime}/rust`, folder.path, { recursive: true });
  });
  afterAll(() => folder.remove());

  it.each([
    ["passes its tests", ["test", "-q", "--all-features"]],
    ["is what Clippy would have", ["clippy", "-q", "--all-features", "--", "-D", "warnings"]],
    ["is what rustfmt would have", ["fmt", "--check"]],
  ])(
    "%s",
    (_, args) => {
      const { status, stdout, stderr } = spawnSync("cargo", args, {
        cwd: folder.path,
        encoding: "utf8",
      });
      expect({ status, said: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({
        status: 0,
        said: "",
      });
    },
    300_000,
  );
});
