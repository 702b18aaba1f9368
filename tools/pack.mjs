/** Writes what would be published to dist/packages/: one tarball a package, under a name without the version. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const destination = join(root, "dist/packages");
const packages = {
  "nx-wplug": "wplug.tgz",
  runtime: "wplug-runtime.tgz",
  "well-known-types": "wplug-well-known-types.tgz",
};

execFileSync(process.execPath, [join(root, "tools/build-packages.mjs")], { stdio: "inherit" });
mkdirSync(destination, { recursive: true });
for (const [folder, tarball] of Object.entries(packages)) {
  const cwd = join(root, "packages", folder);
  // npm packs nothing from outside of a package's folder, so each gets its own copy of the licence while packing.
  copyFileSync(join(root, "LICENSE"), join(cwd, "LICENSE"));
  try {
    const packed = JSON.parse(
      execFileSync(
        "npm",
        ["pack", "--json", "--ignore-scripts", "--pack-destination", destination],
        {
          cwd,
          encoding: "utf8",
          shell: process.platform === "win32",
          stdio: ["ignore", "pipe", "inherit"],
        },
      ),
    );
    const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
    renameSync(join(destination, filename), join(destination, tarball));
  } finally {
    rmSync(join(cwd, "LICENSE"));
  }
  const { size } = statSync(join(destination, tarball));
  console.log(`dist/packages/${tarball}  ${(size / 1024).toFixed(1)} kB`);
}
