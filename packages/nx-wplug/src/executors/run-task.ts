import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { isUsersToMend } from "../errors/is-users-to-mend";
import { UserError } from "../errors/user-error";

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

/** The project that Nx runs the executor for. */
export function taskProject(context: ExecutorContext): TaskProject {
  const { projectName } = context;
  if (projectName === undefined)
    throw new UserError("This executor runs as a target of a project.");
  return findProject(context, projectName);
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
