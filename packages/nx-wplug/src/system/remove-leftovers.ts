import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

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
    const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
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
