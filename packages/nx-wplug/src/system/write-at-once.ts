import { rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { explainFileErrors } from "../errors/file-system-error";
import { makeFolder } from "./make-folder";
import { removeLeftoversOf, temporaryName } from "./remove-leftovers";

/**
 * Writes a file so that a reader sees the old one or the new one, never a part.
 *
 * @param path absolute; its folder is made where there is none
 * @throws UserError if the disk is full, or the folder may not be written to
 */
export function writeAtOnce(path: string, bytes: Uint8Array): Promise<void> {
  return explainFileErrors("What was there before, if anything, is as it was.", async () => {
    await makeFolder(dirname(path));
    await removeLeftoversOf(path);
    const temporary = temporaryName(path);
    try {
      await writeFile(temporary, bytes);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw Object.assign(error as NodeJS.ErrnoException, { path });
    }
  });
}
