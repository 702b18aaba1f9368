import { UserError } from "./user-error";

/** What the operating system says, in words: https://nodejs.org/api/errors.html#common-system-errors */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EMFILE: "too many files are open",
  ENOENT: "there is no such folder, and none can be made there",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "there is a folder of that name",
};

/**
 * Runs what writes files. What a user can mend about the disk is an error with a sentence instead of a stack trace.
 *
 * @param remains what the user may rely on afterwards: "Nothing was changed."
 * @throws UserError
 */
export async function explainFileErrors<T>(remains: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code = "", path } = error as NodeJS.ErrnoException;
    const reason = REASONS[code];
    if (reason === undefined) throw error;
    throw new UserError(`${path ?? "Files"} can't be written: ${reason} (${code}). ${remains}`, {
      cause: error,
    });
  }
}
