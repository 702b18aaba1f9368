import { isAbsolute, sep } from "node:path";

import type { Plugin } from "esbuild";

/** Marks the plugin's own question, which it must not answer itself. */
const RESOLVING = Symbol("resolving");

/**
 * Leaves packages from npm out of the bundle, so that their native add-ons and own files work. Packages of the
 * workspace are links out of node_modules, or paths of the tsconfig, and go in: their sources are TypeScript.
 */
export const installedPackagesStayImports: Plugin = {
  name: "installed-packages-stay-imports",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === RESOLVING || kind === "entry-point" || isAbsolute(path)) return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: RESOLVING });
      const isInstalled = resolved.path.split(sep).includes("node_modules");
      return isInstalled && resolved.errors.length === 0 ? { path, external: true } : resolved;
    });
  },
};
