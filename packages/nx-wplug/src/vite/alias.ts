import { pathPatterns } from "../workspace/tsconfig-paths";

/** What an import means: https://vite.dev/config/shared-options#resolve-alias */
export interface Alias {
  readonly find: RegExp;
  readonly replacement: string;
}

/**
 * The paths of the root's tsconfig, which Vite does not read.
 *
 * @param workspaceRoot absolute
 */
export function aliasesOf(workspaceRoot: string): Alias[] {
  return pathPatterns(workspaceRoot).flatMap(({ find, targets: [target] }) =>
    target === undefined ? [] : [{ find, replacement: target.replace("*", "$1") }],
  );
}
