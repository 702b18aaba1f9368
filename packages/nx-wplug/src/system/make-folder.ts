import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder, and those that it is in. The option `recursive` of mkdir does not end where a folder is there and none can be
 * made in it, as in /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  if (await makeOne(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  if (!(await makeOne(path))) await mkdir(path);
}

/** @returns false if there is no folder to make it in */
async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // What it is if it is no folder, whoever opens a file in it is told.
    if (code === "EEXIST") return true;
    if (code === "ENOENT") return false;
    throw error;
  }
}
