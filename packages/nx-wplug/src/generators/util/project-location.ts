import { existsSync } from "node:fs";
import { relative } from "node:path";

import { getProjects, names, type Tree, workspaceRoot } from "@nx/devkit";

import { isInstalled } from "../../config/installed-contracts";
import type { WplugConfig } from "../../config/wplug-config";
import { UserError } from "../../errors/user-error";
import { packageFolder } from "../../system/package-manager";
import { defaultFolder } from "../../workspace/default-folder";
import { npmScope } from "../../workspace/workspace-kind";
import { configOf } from "./contracts";

/** What the user of a generator says of a new project. */
export interface ProjectOptions {
  /** A name, a path that ends with one, or a name with a scope: `greeter`, `libs/greeter`, `@acme/greeter`. */
  readonly name: string;
  readonly directory?: string | undefined;
  readonly importPath?: string | undefined;
  /** With commas between them. */
  readonly tags?: string | undefined;
}

/** Where a generator puts a project. */
export interface ProjectLocation {
  /** `greeter-plugin` */
  readonly name: string;
  /** `greeter` */
  readonly baseName: string;
  /** Folder relative to the workspace's root, with forward slashes. */
  readonly root: string;
  /** The name of its package, or what other projects import it by: `@acme/greeter-plugin`. */
  readonly importPath: string;
  /** Those that the user asks for. */
  readonly tags: readonly string[];
}

type ProjectType = WplugConfig["type"];

/** What the name of a project ends with. */
const ENDINGS: Readonly<Record<ProjectType, string>> = {
  contract: "-contract",
  plugin: "-plugin",
  host: "",
};

/** Folders that no project is found in. */
const OUTPUTS = ["dist", "tmp", "node_modules", "coverage", "out-tsc"];

const PACKAGE_NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;

/**
 * The name and folder of a new project. `greeter` and `greeter-plugin` mean the same. A folder is that of the project itself if
 * it is called like it, else a new one is made in it; like Nx's own generators, relative to the folder that the command is run
 * in. Without any, the project lands where the workspace has its projects, or where it is already.
 *
 * @throws UserError if the name is none, or the folder is outside of the workspace
 */
export function projectLocation(
  tree: Tree,
  options: ProjectOptions,
  type: ProjectType,
): ProjectLocation {
  const { scope, folder, name: typed } = splitName(options);
  const ending = ENDINGS[type];
  const fileName = names(typed).fileName;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(fileName)) {
    throw new UserError(
      `"${typed}" cannot be the name of a project: use letters, digits and "-", a letter first.`,
    );
  }
  if (fileName.length > 100) {
    throw new UserError(
      `"${typed}" cannot be the name of a project: it is longer than 100 characters.`,
    );
  }
  const baseName =
    ending !== "" && fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : fileName;
  const name = baseName + ending;
  const importPath = options.importPath ?? packageName(tree, name, scope);
  if (!PACKAGE_NAME.test(importPath)) {
    throw new UserError(
      `"${importPath}" cannot be the name of a package: it is lower-case, such as "@acme/${name}".`,
    );
  }
  const root = rootOf(tree, name, folder, type);
  const ignored = root.split("/").find((part) => part.startsWith(".") || OUTPUTS.includes(part));
  if (ignored !== undefined) {
    throw new UserError(
      `${root} cannot be the folder of a project: "${ignored}" is for what is installed or built, and Nx does not look there.`,
    );
  }
  const tags = (options.tags ?? "").split(",").map((tag) => tag.trim());
  return { name, baseName, root, importPath, tags: tags.filter((tag) => tag !== "") };
}

/** The location of the contract that is made with a plugin: beside it. */
export function besidePlugin(plugin: ProjectLocation, tree: Tree): ProjectLocation {
  const name = plugin.baseName + ENDINGS.contract;
  const [, scope] = /^@([^/]+)\//.exec(plugin.importPath) ?? [];
  const root = [...plugin.root.split("/").slice(0, -1), name].join("/");
  return { ...plugin, name, root, importPath: packageName(tree, name, scope) };
}

/**
 * Makes sure that a new project takes nothing that belongs to another one. The same project again is fine: it gets what is
 * missing.
 *
 * @throws UserError that says who has the name or the folder
 */
export function checkFree(
  tree: Tree,
  { name, root, importPath }: ProjectLocation,
  type: ProjectType,
): void {
  const projects = getProjects(tree);
  const namesake = projects.get(name);
  if (namesake !== undefined && namesake.root !== root) {
    throw new UserError(
      `There is a project ${name} already, in ${namesake.root}: choose another name.`,
    );
  }
  const [inFolder] = [...projects].find(([, project]) => project.root === root) ?? [];
  if (inFolder !== undefined && inFolder !== name) {
    throw new UserError(
      `${root} is the project ${inFolder} already: choose another name, or another folder by --directory.`,
    );
  }
  if (configOf(tree, root)?.type !== type && tree.children(root).length > 0) {
    throw new UserError(
      `${root} exists already and is no ${type} of wplug: choose another name, or another folder by --directory.`,
    );
  }
  const owner = ownerOf(tree, importPath, root);
  if (owner !== undefined) {
    throw new UserError(
      `${importPath} is the name of ${owner} already: choose another one by --importPath.`,
    );
  }
}

/** Who has a package name, for people; undefined if nobody but the project itself has it. */
function ownerOf(tree: Tree, importPath: string, root: string): string | undefined {
  const manifestOf = (folder: string) =>
    readObject(tree, folder === "." ? "package.json" : `${folder}/package.json`);
  const owner = [...getProjects(tree).values()].find(
    (project) => project.root !== root && manifestOf(project.root)["name"] === importPath,
  );
  if (owner !== undefined) return `the package in ${owner.root}`;
  const { dependencies, devDependencies, name } = manifestOf(".");
  if (name === importPath) return "the workspace itself";
  const installed = { ...(dependencies as object), ...(devDependencies as object) };
  // Also one that others have brought: the package manager would put the project in its place.
  const folder = existsSync(tree.root) ? packageFolder(importPath, tree.root) : undefined;
  return Object.hasOwn(installed, importPath) || (folder !== undefined && isInstalled(folder))
    ? "a package that the workspace has installed"
    : undefined;
}

function readObject(tree: Tree, path: string): Readonly<Record<string, unknown>> {
  const text = tree.read(path, "utf-8");
  return text === null ? {} : (JSON.parse(text) as Record<string, unknown>);
}

interface NameParts {
  readonly scope: string | undefined;
  /** What the user names, relative to the folder that the command is run in. */
  readonly folder: string | undefined;
  readonly name: string;
}

function splitName({ name, directory }: ProjectOptions): NameParts {
  const typed = name.trim().replaceAll("\\", "/").replace(/\/+$/, "");
  const [, scope, scopedName] = /^@([^/]+)\/([^/]+)$/.exec(typed) ?? [];
  if (scopedName !== undefined) return { scope, folder: directory, name: scopedName };
  const slash = typed.lastIndexOf("/");
  if (slash < 0) return { scope: undefined, folder: directory, name: typed };
  if (directory !== undefined) {
    throw new UserError(
      `"${typed}" names a folder, and so does --directory: leave one of them out.`,
    );
  }
  return { scope: undefined, folder: typed.slice(0, slash), name: typed.slice(slash + 1) };
}

function packageName(tree: Tree, name: string, scope: string | undefined): string {
  const used = scope ?? npmScope(tree);
  return used === undefined ? name : `@${used}/${name}`;
}

function rootOf(tree: Tree, name: string, folder: string | undefined, type: ProjectType): string {
  const current = currentFolder();
  if (folder === undefined && current.length === 0) {
    const existing = getProjects(tree).get(name)?.root;
    if (existing !== undefined && configOf(tree, existing)?.type === type) return existing;
    folder = defaultFolder(tree, type === "host" ? "application" : "library");
  }
  const parts = [...current, ...(folder ?? "").replaceAll("\\", "/").split("/")].filter(
    (part) => part !== "" && part !== ".",
  );
  if (parts.includes("..") || folder?.startsWith("/") === true) {
    throw new UserError(`${folder} is outside of the workspace.`);
  }
  if (parts.at(-1) !== name) parts.push(name);
  return parts.join("/");
}

/** The folder of the workspace that the command is run in, as the names on the way to it. */
function currentFolder(): string[] {
  const folder = relative(workspaceRoot, process.env["INIT_CWD"] ?? process.cwd());
  const isInside = !/^(\.\.|[a-zA-Z]:)/.test(folder) && !folder.startsWith("/");
  return isInside ? folder.split(/[\\/]/).filter((part) => part !== "") : [];
}
