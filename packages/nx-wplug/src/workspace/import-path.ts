import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../errors/user-error";
import { tsconfigPaths } from "./tsconfig-paths";

/**
 * What other projects import a contract by, such as `@acme/greeter-contract`: the name in its package.json or, in a
 * workspace without packages, the entry of tsconfig.base.json that points into it.
 *
 * @param workspaceRoot absolute
 * @param projectRoot relative to `workspaceRoot`, with forward slashes
 * @throws UserError if there is neither
 */
export function importPathOf(workspaceRoot: string, projectRoot: string): string {
  const manifest = join(workspaceRoot, projectRoot, "package.json");
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
    if (name !== undefined) return name;
  }
  const index = `${projectRoot}/src/index.ts`;
  const mapped = Object.entries(tsconfigPaths(workspaceRoot)).find(([, targets]) =>
    targets.includes(index),
  );
  if (mapped !== undefined) return mapped[0];
  throw new UserError(
    `${projectRoot} cannot be imported: add ${projectRoot}/package.json with a "name", or a path to ${index} ` +
      "in tsconfig.base.json.",
  );
}
