import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The name of a file until it is complete. */
export function temporaryName(path: string): string {
  return `${path}.${process.pid}.tmp`;
}

/**
 * Removes files that were never completed, as the process that wrote them was ended: by Ctrl+C, say. Those of processes that
 * run stay.
 *
 * @param folder absolute; one that only wplug writes to
 */
export async function removeLeftovers(folder: string): Promise<void> {
  let entries;
  try {
    entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    // There is none yet.
    return;
  }
  for (const name of entries) {
    if (isLeftover(name)) await rm(join(folder, name), { force: true });
  }
}

/**
 * Like `removeLeftovers`, for one file in a folder that others write to as well.
 *
 * @param path absolute
 */
export async function removeLeftoversOf(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}.`) && isLeftover(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

function isLeftover(name: string): boolean {
  const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
  return pid !== undefined && !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks whether it could be sent.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
