import { addDependenciesToPackageJson, detectPackageManager, type Tree } from "@nx/devkit";

/** How a package manager does what the Dockerfile of a server needs. */
interface PackageManagerCommands {
  /** Installs what the lockfile says. */
  readonly install: string;
  /** Runs a program of a package. */
  readonly exec: string;
  /** Removes what is needed for building alone. */
  readonly prune: string;
}

const COMMANDS: Readonly<Record<string, PackageManagerCommands>> = {
  npm: { install: "npm ci", exec: "npx", prune: "npm prune --omit=dev" },
  pnpm: {
    install: "corepack enable && pnpm install --frozen-lockfile",
    exec: "pnpm exec",
    prune: "pnpm prune --prod",
  },
  yarn: {
    install: "corepack enable && yarn install --immutable",
    exec: "yarn",
    prune: "yarn workspaces focus --all --production",
  },
  bun: {
    install: "npm install --global bun && bun install --frozen-lockfile",
    exec: "bunx",
    prune: "rm -rf node_modules && bun install --frozen-lockfile --production",
  },
};

/** What the Dockerfile and the manifests of a server are made with. */
export function serverSubstitutions(
  tree: Tree,
  { name, root }: { readonly name: string; readonly root: string },
): Readonly<Record<string, string>> {
  const commands = COMMANDS[detectPackageManager(tree.root)] ?? COMMANDS["npm"];
  return { ...commands, root, resource: resourceName(name) };
}

/**
 * What Kubernetes takes for a name (RFC 1123): `@acme/web.shop` is acme-web-shop. As a Service has it too, it begins with a letter
 * (RFC 1035).
 */
export function resourceName(project: string): string {
  const name = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return name === "" ? "server" : name;
}

/** What servers import, unless the workspace has it. */
export function addConnect(tree: Tree): void {
  const packages = {
    "@bufbuild/protobuf": "^2.7.0",
    "@connectrpc/connect": "^2.1.0",
    "@connectrpc/connect-node": "^2.1.0",
  };
  addDependenciesToPackageJson(tree, packages, {}, undefined, true);
}
