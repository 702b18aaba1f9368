import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

/**
 * Makes a folder in the `dist` of a project, from where packages and types are found as from the project's own files, and
 * removes it with what is in it.
 *
 * @param folder absolute folder of the project
 * @param purpose the beginning of its name: `tsc`
 * @param use is given its absolute path
 */
export async function withTemporaryFolder<T>(
  folder: string,
  purpose: string,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = join(folder, "dist", `.${purpose}-${randomUUID()}`);
  await mkdir(temporary, { recursive: true });
  try {
    return await use(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
