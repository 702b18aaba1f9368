import { getPackageManagerCommand, readJson, type Tree } from "@nx/devkit";

import { workspaceGlobs } from "./workspace-globs";

/** How the projects of a workspace find each other. */
export type WorkspaceKind =
  /** Each project is a package that the package manager links. */
  | "packages"
  /** Each project has an entry in `paths` of tsconfig.base.json. */
  | "paths";

export function workspaceKind(tree: Tree): WorkspaceKind {
  return workspaceGlobs(tree) === undefined ? "paths" : "packages";
}

/** Whether TypeScript builds the workspace by project references, from the root's tsconfig.json. */
export function usesProjectReferences(tree: Tree): boolean {
  if (!tree.exists("tsconfig.json") || !tree.exists("tsconfig.base.json")) return false;
  const base = readJson<{ compilerOptions?: { composite?: boolean } }>(tree, "tsconfig.base.json");
  return base.compilerOptions?.composite === true;
}

/** `acme` where the root's package is `@acme/source`; undefined if it has no scope. */
export function npmScope(tree: Tree): string | undefined {
  if (!tree.exists("package.json")) return undefined;
  const { name = "" } = readJson<{ name?: string }>(tree, "package.json");
  return /^@([^/]+)\//.exec(name)?.[1];
}

/** What to call a package of the workspace in `dependencies`. */
export function workspaceVersion(tree: Tree): string {
  const usesProtocol =
    tree.exists("pnpm-workspace.yaml") ||
    tree.exists(".yarnrc.yml") ||
    tree.exists("bun.lock") ||
    tree.exists("bun.lockb");
  return usesProtocol ? "workspace:*" : "*";
}

/** `npx`, `pnpm exec`, `yarn`: what comes before `nx` on this workspace's command lines. */
export function execCommand(): string {
  return getPackageManagerCommand().exec;
}
