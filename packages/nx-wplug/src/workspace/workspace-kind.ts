import { getPackageManagerCommand, readJson, type Tree } from "@nx/devkit";

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

/** Adds a folder to what the package manager links, unless it is matched already. */
export function addToPackages(tree: Tree, projectRoot: string): void {
  const globs = workspaceGlobs(tree);
  if (globs === undefined || globs.some((glob) => matches(glob, projectRoot))) return;
  if (tree.exists("pnpm-workspace.yaml")) {
    const yaml = tree.read("pnpm-workspace.yaml", "utf-8") ?? "";
    // All items of a list have to be indented alike.
    const [, indent = "  "] = /^packages:\s*\n([ \t]*)-/m.exec(yaml) ?? [];
    const entry = `${indent}- ${JSON.stringify(projectRoot)}\n`;
    tree.write(
      "pnpm-workspace.yaml",
      /^packages:\s*$/m.test(yaml)
        ? yaml.replace(/^packages:\s*\n/m, (heading) => heading + entry)
        : `packages:\n${entry}${yaml}`,
    );
    return;
  }
  const manifest = readJson<Manifest>(tree, "package.json");
  const workspaces = [...globs, projectRoot].sort();
  manifest.workspaces = Array.isArray(manifest.workspaces)
    ? workspaces
    : { ...manifest.workspaces, packages: workspaces };
  tree.write("package.json", JSON.stringify(manifest, null, 2) + "\n");
}

/** What to call a package of the workspace in `dependencies`. */
export function workspaceVersion(tree: Tree): string {
  const usesProtocol =
    tree.exists("pnpm-workspace.yaml") || tree.exists(".yarnrc.yml") || tree.exists("bun.lock");
  return usesProtocol ? "workspace:*" : "*";
}

/** `npx`, `pnpm exec`, `yarn`: what comes before `nx` on this workspace's command lines. */
export function execCommand(): string {
  return getPackageManagerCommand().exec;
}

interface Manifest {
  workspaces?: string[] | { packages?: string[] };
}

function workspaceGlobs(tree: Tree): readonly string[] | undefined {
  if (tree.exists("pnpm-workspace.yaml")) {
    const yaml = tree.read("pnpm-workspace.yaml", "utf-8") ?? "";
    return [...yaml.matchAll(/^\s*-\s*["']?([^"'\n]+)["']?\s*$/gm)].map(([, glob]) => glob ?? "");
  }
  if (!tree.exists("package.json")) return undefined;
  const { workspaces } = readJson<Manifest>(tree, "package.json");
  return Array.isArray(workspaces) ? workspaces : workspaces?.packages;
}

/** The globs of package managers: `*` within one folder, `**` across folders. */
function matches(glob: string, path: string): boolean {
  const pattern = glob
    .replace(/^\.\//, "")
    .replace(/\/$/, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("**", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", ".*");
  return new RegExp(`^${pattern}$`).test(path);
}
