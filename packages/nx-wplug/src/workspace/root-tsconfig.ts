import type { Tree } from "@nx/devkit";

const BASE = "tsconfig.base.json";

/**
 * The root configurations of TypeScript, the one that counts first: a repository that began as one package has its options in
 * tsconfig.json.
 */
export const ROOT_TSCONFIGS: readonly string[] = [BASE, "tsconfig.json"];

/** The root configuration of TypeScript; undefined if there is none. */
export function rootTsconfig(tree: Tree): string | undefined {
  return ROOT_TSCONFIGS.find((file) => tree.exists(file));
}

/** Adds the root configuration in which paths are mapped, where there is none. It is the one that Nx's own generators look for. */
export function ensureRootTsconfig(tree: Tree): string {
  const existing = rootTsconfig(tree);
  if (existing !== undefined) return existing;
  const config = {
    compilerOptions: {
      target: "es2022",
      module: "esnext",
      moduleResolution: "bundler",
      strict: true,
      skipLibCheck: true,
      paths: {},
    },
    exclude: ["node_modules", "tmp"],
  };
  tree.write(BASE, JSON.stringify(config, null, 2) + "\n");
  return BASE;
}
