import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { TemporaryFolder } from "../testing/temporary-folder";
import { writeAtOnce } from "./write-at-once";

describe("writeAtOnce", () => {
  let folder: TemporaryFolder;

  beforeEach(() => (folder = new TemporaryFolder()));
  afterEach(() => folder.remove());

  const write = (path: string) => writeAtOnce(join(folder.path, path), Buffer.from("new"));

  it("removes what an earlier process left of the file, and nothing else of the folder", async () => {
    const { pid } = spawnSync("true");
    const others = [
      `other.${pid}.tmp`,
      `sub/plugin.wasm.${pid}.tmp`,
      `plugin.wasm.${process.ppid}.tmp`,
    ];
    for (const name of [`plugin.wasm.${pid}.tmp`, ...others]) folder.write(name, "half");
    await write("plugin.wasm");
    expect(folder.read("plugin.wasm")).toBe("new");
    for (const name of others) expect(folder.read(name)).toBe("half");
    expect(readdirSync(folder.path)).not.toContain(`plugin.wasm.${pid}.tmp`);
  });

  it("makes folders", async () => {
    await write("a/b/c/plugin.wasm");
    expect(folder.read("a/b/c/plugin.wasm")).toBe("new");
  });

  it("says what is in the way", async () => {
    folder.write("file", "");
    await expect(write("file/plugin.wasm")).rejects.toThrow(/a part of the path is a file/);
    folder.write("sub/plugin.wasm", "");
    await expect(write("sub")).rejects.toThrow(
      `${folder.path}/sub can't be written: there is a folder of that name (EISDIR)`,
    );
    await expect(write("file/sub/plugin.wasm")).rejects.toThrow(/a part of the path is a file/);
  });

  it("ends where no folder can be made", async () => {
    if (process.platform !== "linux") return;
    await expect(writeAtOnce("/proc/wplug/x/plugin.wasm", Buffer.from(""))).rejects.toThrow(
      /^\/proc\/wplug can't be written: there is no such folder, and none can be made there \(ENOENT\)/,
    );
  });
});
