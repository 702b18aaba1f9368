import { chmodSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import type { Workspace } from "./workspace.js";

/** Whether the .dockerignore of a server leaves it out, which has names alone, in the root or anywhere. */
function isIgnored(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern.replace("**/", "") === name);
}

/** What comes before an install in a Dockerfile: the tests have the package manager already. */
const GETS_PACKAGE_MANAGER = /^(?:corepack enable|npm install --global bun) && /;

/** An image, as far as a folder can be one. */
export interface Image {
  readonly folder: string;
  readonly commands: readonly string[];
  remove(): void;
}

/**
 * Does what the Dockerfile of a server says, line by line: COPY into a new folder, RUN there, and COPY of the outcome into another one.
 *
 * @param project folder of the server in the workspace
 */
export function buildImage(workspace: Workspace, project: string): Image {
  const dockerfile = workspace.read(`${project}/Dockerfile`);
  const ignored = workspace.read(`${project}/Dockerfile.dockerignore`).trim().split("\n");
  const parent = realpathSync(mkdtempSync(join(tmpdir(), "wplug-image-")));
  const build = join(parent, "build");
  const folder = join(parent, "app");
  const copy = (from: string, to: string, filter = (_path: string): boolean => true): void =>
    cpSync(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => filter(path),
    });
  copy(workspace.root, build, (path) => !isIgnored(basename(path), ignored));
  const commands = [...dockerfile.matchAll(/^RUN (.*)$/gm)].map(([, command = ""]) => command);
  for (const command of commands) {
    workspace.runOk(`cd "${build}" && ${command.replace(GETS_PACKAGE_MANAGER, "")}`);
  }
  for (const [, from = "", to = ""] of dockerfile.matchAll(/^COPY --from=build (\S+) (\S+)$/gm)) {
    copy(join(build, from.replace(/^\/workspace\//, "")), join(folder, to));
  }
  rmSync(build, { recursive: true, force: true });
  makeReadable(parent);
  return {
    folder,
    commands,
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

/** Everybody may read it: the folders of tests are for their user alone. */
function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeReadable(join(folder, entry.name));
    else if (entry.isFile()) chmodSync(join(folder, entry.name), 0o444);
  }
}
