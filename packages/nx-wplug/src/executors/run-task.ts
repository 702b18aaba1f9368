import { realpathSync } from "node:fs";
import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { installedContract } from "../config/installed-contracts";
import { isUsersToMend } from "../errors/is-users-to-mend";
import { UserError } from "../errors/user-error";
import { toPosix } from "../system/shown-path";
import { findReplacingDefault } from "../workspace/target-defaults";

/** The project that a task belongs to. */
export interface TaskProject {
  readonly name: string;
  /** Relative to the workspace's root, with forward slashes. */
  readonly root: string;
  /** Absolute. */
  readonly folder: string;
}

/** Where a task prints: the console, unless several tasks run in one process. */
export type Output = Record<"log" | "error", (text: string) => void>;

/**
 * Runs the body of an executor. What a user can mend fails the task with its message alone; anything else is a bug of
 * ours and keeps its stack trace.
 */
export async function runTask(
  body: () => Promise<boolean>,
  output: Output = console,
): Promise<{ success: boolean }> {
  try {
    return { success: await body() };
  } catch (error) {
    if (!isUsersToMend(error)) throw error;
    output.error(error.message);
    return { success: false };
  }
}

/**
 * The project that Nx runs the executor for.
 *
 * @throws UserError if the task would be wrong: nx.json takes from it what it depends on
 */
export function taskProject(context: ExecutorContext): TaskProject {
  const { projectName } = context;
  if (projectName === undefined)
    throw new UserError("This executor runs as a target of a project.");
  checkTargetDefaults(context);
  return findProject(context, projectName);
}

function checkTargetDefaults({ nxJsonConfiguration, target, targetName }: ExecutorContext): void {
  const executor = target?.executor;
  if (executor === undefined || targetName === undefined) return;
  const key = findReplacingDefault(nxJsonConfiguration.targetDefaults, targetName, executor);
  if (key === undefined) return;
  throw new UserError(
    `"${key}" of targetDefaults in nx.json replaces what this task depends on: run "nx sync", which adds an empty ` +
      `"${executor}" beside it, so that it does not hold here.`,
  );
}

/**
 * A contract: a project, or an installed package of another repository.
 *
 * @param from the project that names it
 * @throws UserError if there is neither
 */
export function findContract(
  context: ExecutorContext,
  name: string,
  from: TaskProject,
): TaskProject {
  if (context.projectsConfigurations.projects[name] === undefined) {
    const folder = installedContract(name, from.folder);
    if (folder !== undefined) {
      const root = toPosix(relative(realpathSync(context.root), folder));
      return { name, root, folder };
    }
  }
  return findProject(context, name);
}

/** @throws UserError if the workspace has no project of that name */
export function findProject(context: ExecutorContext, name: string): TaskProject {
  const root = context.projectsConfigurations.projects[name]?.root;
  if (root === undefined) {
    throw new UserError(
      `There is no project ${name} in this workspace: see "nx show projects". If it has another name now, "nx sync" writes that to wplug.json.`,
    );
  }
  return { name, root, folder: join(context.root, root) };
}
