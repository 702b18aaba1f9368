import { join } from "node:path";

import { tsconfigPaths } from "../workspace/tsconfig-paths";

/** What an import means: https://vite.dev/config/shared-options#resolve-alias */
export interface Alias {
  readonly find: RegExp;
  readonly replacement: string;
}

/**
 * The paths of tsconfig.base.json, which Vite does not read: the longest first, as it takes the first that fits.
 *
 * @param workspaceRoot absolute
 */
export function aliasesOf(workspaceRoot: string): Alias[] {
  return Object.entries(tsconfigPaths(workspaceRoot))
    .sort(([a], [b]) => b.length - a.length)
    .flatMap(([path, [target]]): Alias[] => {
      if (target === undefined) return [];
      const pattern = path.split("*").map(escape).join("(.*)");
      const replacement = join(workspaceRoot, target).replaceAll("\\", "/").replace("*", "$1");
      return [{ find: new RegExp(`^${pattern}$`), replacement }];
    });
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
