import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Installs the packages of a tool into its folder, once. They are no dependencies of the repository. Without their scripts:
 * some would download programs that are not needed.
 */
export function installOnce(folder) {
  if (existsSync(join(folder, "node_modules"))) return;
  execFileSync("npm", ["ci", "--ignore-scripts"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
}
