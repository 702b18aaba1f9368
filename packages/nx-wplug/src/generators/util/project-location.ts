import { relative } from "node:path";

import { names, workspaceRoot } from "@nx/devkit";

import { UserError } from "../../errors/user-error";

/** Where a generator puts a project. */
export interface ProjectLocation {
  /** `greeter-plugin` */
  readonly name: string;
  /** `greeter` */
  readonly baseName: string;
  /** Folder relative to the workspace's root, with forward slashes. */
  readonly root: string;
}

/**
 * The name and folder of a new project. `greeter` and `greeter-plugin` mean the same. The folder is `directory` itself if
 * it is called like the project, else a new one in it; like Nx's own generators, relative to the folder that the command is
 * run in.
 *
 * @param suffix `plugin`, `contract`, or empty
 * @throws UserError if the name is none, or the folder is outside of the workspace
 */
export function projectLocation(
  name: string,
  suffix: string,
  directory: string | undefined,
): ProjectLocation {
  const fileName = names(name.trim()).fileName;
  if (!/^[a-z][a-z0-9-]*$/.test(fileName)) {
    throw new UserError(
      `"${name}" cannot be the name of a project: use letters, digits and "-", a letter first.`,
    );
  }
  const ending = suffix === "" ? "" : `-${suffix}`;
  const baseName =
    ending !== "" && fileName.endsWith(ending) ? fileName.slice(0, -ending.length) : fileName;
  const projectName = baseName + ending;
  const parts = [...currentFolder(), ...(directory ?? "").replaceAll("\\", "/").split("/")].filter(
    (part) => part !== "" && part !== ".",
  );
  if (parts.includes("..")) throw new UserError(`${directory} is outside of the workspace.`);
  if (parts.at(-1) !== projectName) parts.push(projectName);
  return { name: projectName, baseName, root: parts.join("/") };
}

/** The folder of the workspace that the command is run in, as the names on the way to it. */
function currentFolder(): string[] {
  const folder = relative(workspaceRoot, process.env["INIT_CWD"] ?? process.cwd());
  const isInside = !/^(\.\.|[a-zA-Z]:)/.test(folder) && !folder.startsWith("/");
  return isInside ? folder.split(/[\\/]/) : [];
}
