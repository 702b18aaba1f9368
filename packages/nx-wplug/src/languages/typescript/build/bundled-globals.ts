import { join } from "node:path";

import type { Plugin } from "esbuild";

const FOLDER = join(__dirname, "../globals");

/** Modules with globals that the engine has not. esbuild takes those from them that a bundle names and does not declare. */
export const bundledGlobals = ["url.mjs", "structured-clone.mjs", "events.mjs"].map((file) =>
  join(FOLDER, file),
);

/** Leaves them out of all other bundles: their packages do not say that nothing happens when they are loaded. */
export const dropUnusedGlobals: Plugin = {
  name: "wplug-globals",
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      const isOurs = resolveDir === FOLDER || importer.startsWith(FOLDER);
      if (!isOurs || pluginData === dropUnusedGlobals) return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: dropUnusedGlobals });
      return { ...found, sideEffects: false };
    });
  },
};
