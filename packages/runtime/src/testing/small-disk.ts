import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own, in a folder. */
export interface SmallDisk {
  readonly folder: string;
  makeReadOnly(): void;
}

/** A test with a disk that takes one file of at most a page, 4 kB: on Linux, for root. Elsewhere it does not run. */
export function withSmallDisk(name: string, test: (disk: SmallDisk) => Promise<void>): void {
  const parent = mkdtempSync(join(tmpdir(), "wplug-disk-"));
  const canMount = mount(join(parent, "try"));
  if (canMount) unmount(join(parent, "try"));
  rmSync(parent, { recursive: true });
  if (!canMount) {
    it(`${name}: not run, no file system can be mounted`, () => expect(canMount).toBe(false));
    return;
  }
  it(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), "wplug-disk-"));
    mount(folder);
    try {
      await test({
        folder,
        makeReadOnly: () => void execFileSync("mount", ["-o", "remount,ro", folder]),
      });
    } finally {
      unmount(folder);
      rmdirSync(folder);
    }
  });
}

function mount(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder]).status === 0;
}

function unmount(folder: string): void {
  execFileSync("umount", [folder]);
}
