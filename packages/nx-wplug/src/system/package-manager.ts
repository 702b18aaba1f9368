import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The lock files by which Nx, too, knows what a workspace uses. */
const LOCK_FILES = [
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["yarn.lock", "yarn"],
  ["pnpm-lock.yaml", "pnpm"],
  ["package-lock.json", "npm"],
] as const;

export type PackageManager = (typeof LOCK_FILES)[number][1];

/**
 * The package manager of the workspace that a folder is in; npm where there is no sign of any.
 *
 * @param folder absolute
 */
export function packageManagerOf(folder: string): PackageManager {
  const found = LOCK_FILES.find(([file]) => existsSync(join(folder, file)));
  if (found !== undefined) return found[1];
  const parent = dirname(folder);
  return parent === folder ? "npm" : packageManagerOf(parent);
}

/**
 * What to type in a folder to add a package that is used to develop: `pnpm add -D -w buf`.
 *
 * @param folder absolute
 */
export function addCommand(name: string, folder: string = process.cwd()): string {
  const commands = {
    npm: "npm install -D",
    // pnpm asks for the flag in the root of a workspace.
    pnpm: existsSync(join(folder, "pnpm-workspace.yaml")) ? "pnpm add -D -w" : "pnpm add -D",
    yarn: "yarn add -D",
    bun: "bun add -D",
  };
  return `${commands[packageManagerOf(folder)]} ${name}`;
}

/**
 * The folder of an installed package, without links; undefined if it is not installed. It is looked for by its name alone: not every package
 * exports its manifest, and Node remembers for as long as the process lives that there was none, also when a package manager
 * has installed it since.
 *
 * @param from absolute folder whose `node_modules` folders, and those above, are searched
 */
export function packageFolder(name: string, from: string): string | undefined {
  const folder = (createRequire(join(from, "package.json")).resolve.paths(name) ?? [])
    .map((modules) => join(modules, name))
    .find((path) => existsSync(join(path, "package.json")));
  return folder && realpathSync(folder);
}
