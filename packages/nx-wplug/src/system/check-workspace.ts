import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors/user-error";
import { packageFolder } from "./package-manager";

/** The oldest Nx that wplug is tested with. npm installs it beside any, so that this sentence is read instead of npm's. */
const OLDEST_NX = 21;

/**
 * Makes sure that wplug can work in a workspace.
 *
 * @param workspaceRoot absolute
 * @throws UserError that says what to do
 */
export function checkWorkspace(workspaceRoot: string): void {
  if (existsSync(join(workspaceRoot, ".pnp.cjs"))) {
    throw new UserError(
      "wplug does not work with Yarn Plug'n'Play, as compilers of plugins read packages as files: " +
        'write "nodeLinker: node-modules" into .yarnrc.yml and run "yarn install".',
    );
  }
  const nx = packageFolder("nx", workspaceRoot);
  if (nx === undefined) return;
  const { version } = JSON.parse(readFileSync(join(nx, "package.json"), "utf8")) as {
    version: string;
  };
  if (Number.parseInt(version, 10) >= OLDEST_NX) return;
  throw new UserError(
    `wplug needs Nx ${OLDEST_NX} or newer, but this workspace has Nx ${version}: "nx migrate latest" brings it up to date.`,
  );
}
