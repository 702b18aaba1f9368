import { builtinModules } from "node:module";

import type { Metafile, PartialMessage, Plugin } from "esbuild";

import type { CompiledProject } from "../../language";

const NAMES = new Set(builtinModules);

/**
 * Leaves imports of Node's own modules as they are, but for those that a package of the same name is installed for (`buffer`, say), or
 * that who imports them has something else for in browsers: `"browser": { "crypto": false }`.
 */
export const leaveNodeModules: Plugin = {
  name: "wplug-node-modules",
  setup: ({ onResolve, resolve }) => {
    onResolve(
      { filter: /^(node:)?[a-z_/0-9]+$/ },
      async ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === leaveNodeModules || !isOfNode(path)) return undefined;
        if (!path.startsWith("node:")) {
          const found = await resolve(path, { kind, resolveDir, pluginData: leaveNodeModules });
          // esbuild finds it again: it does not say here that a module is replaced by an empty one.
          if (found.errors.length === 0) return undefined;
        }
        return { path, external: true };
      },
    );
  },
};

/** Errors for the imports that a bundle still has. */
export function foreignImports(
  { inputs, outputs }: Metafile,
  { name }: Pick<CompiledProject, "name">,
): PartialMessage[] {
  const paths = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  return [...new Set(paths)].map((path) => ({
    text: `${name} imports ${path}, a module of Node: there is no Node inside of a plugin.`,
    notes: [{ text: importChain(inputs, path).join("\n  imports ") }],
  }));
}

/** The shortest way from the plugin's own module to an import, file by file. */
function importChain(inputs: Metafile["inputs"], wanted: string): string[] {
  const [entry] = Object.keys(inputs).filter((path) => path.endsWith("(wplug)"));
  const seen = new Set([entry]);
  const chains = entry === undefined ? [] : [[entry]];
  for (const chain of chains) {
    const imports = inputs[chain.at(-1) ?? ""]?.imports ?? [];
    for (const { path } of imports) {
      if (path === wanted) return [...chain.slice(1), path];
      if (seen.has(path)) continue;
      seen.add(path);
      chains.push([...chain, path]);
    }
  }
  return [wanted];
}

function isOfNode(path: string): boolean {
  return path.startsWith("node:") || NAMES.has(path);
}
