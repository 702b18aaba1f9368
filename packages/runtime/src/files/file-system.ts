/**
 * Files that a plugin may use. Implementations need not be in memory or on a disk; they answer at once, as a plugin
 * can't wait.
 *
 * Paths are relative to the root, with `/` between names; the root itself is "". Without `resolve` an implementation gets
 * plain ones: no `.` and `..`, no slash at the end, no symbolic link on the way. They are made plain by `stat` and
 * `readLink` before it is asked. What can't be done is a FileError, or any error with a `code` as Node's: `ENOENT`.
 *
 * What is optional answers a plugin `ENOTSUP` where it is missing. The last parameters, `directory`, are for implementations
 * that have `resolve`; others can leave them out.
 */
export interface FileSystem {
  /** Whether the plugin may change anything. If not, it is refused before an implementation is asked. */
  readonly writable: boolean;
  open(path: string, options: OpenOptions, directory?: string): FileHandle;
  /** @param follow whether to look at what a symbolic link in the last place points to */
  stat(path: string, follow: boolean, directory?: string): FileStat;
  readDirectory(path: string, directory?: string): readonly DirectoryEntry[];
  createDirectory(path: string, directory?: string): void;
  removeDirectory(path: string, directory?: string): void;
  removeFile(path: string, directory?: string): void;
  /** Replaces what is there. */
  rename(from: string, to: string, fromDirectory?: string, toDirectory?: string): void;
  /** The target of a symbolic link. */
  readLink(path: string, directory?: string): string;
  setTimes(path: string, times: FileTimes, follow: boolean, directory?: string): void;
  /** Makes a symbolic link. Targets that are absolute or lead out of the file system are `ENOTCAPABLE`. */
  createSymbolicLink?(target: string, path: string, directory?: string): void;
  /**
   * Gives a file, or a symbolic link, one more name.
   *
   * @param follow whether a symbolic link at `from` stands for what it points to
   */
  createHardLink?(
    from: string,
    to: string,
    follow: boolean,
    fromDirectory?: string,
    toDirectory?: string,
  ): void;
  /**
   * The plain path of what a path leads to, which exists. An implementation that has this method follows all paths itself, as
   * POSIX says: it gets them as the plugin wrote them, with `.`, `..`, links on the way and slashes at the end.
   *
   * @param follow whether to follow a symbolic link in the last place
   * @param directory plain path of the directory that `path` starts at, here and in all other methods, and that it may not
   * leave: then it is `ENOTCAPABLE`; the root unless given
   */
  resolve?(path: string, follow: boolean, directory?: string): string;
}

/** How a plugin opens a file. */
export interface OpenOptions {
  readonly read: boolean;
  readonly write: boolean;
  /** Creates the file if there is none. */
  readonly create: boolean;
  /** Fails if there is one. */
  readonly exclusive: boolean;
  readonly truncate: boolean;
  /** Whether to follow a symbolic link in the last place. */
  readonly follow: boolean;
}

/** An open file; not a directory. */
export interface FileHandle {
  stat(): FileStat;
  /** Reads from `position` on and returns the number of bytes; 0 at the end. */
  read(target: Uint8Array, position: number): number;
  /** Writes from `position` on and returns the number of bytes. */
  write(source: Uint8Array, position: number): number;
  /** Cuts the file off, or fills it up with zeros. */
  resize(size: number): void;
  setTimes(times: FileTimes): void;
  sync(): void;
  close(): void;
}

/** What a name of a file system stands for. */
export type FileType = "file" | "directory" | "symlink" | "other";

/** What a file system knows of a file or directory. */
export interface FileStat {
  readonly type: FileType;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, as the others. */
  readonly accessed: number;
  readonly modified: number;
  readonly changed: number;
  /** Tells two files of one file system apart. Stays the same, and is not 0. */
  readonly inode: number;
  readonly links: number;
  /** The times once more, where an implementation knows them better than a number of milliseconds can say. */
  readonly nanoseconds?: FileNanoseconds | undefined;
}

/** Times in nanoseconds since 1970. */
export interface FileNanoseconds {
  readonly accessed: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  /** As `stat` has it; 0 if that is not known. */
  readonly inode: number;
}

/** Milliseconds since 1970; undefined leaves a time as it is. */
export interface FileTimes {
  readonly accessed: number | undefined;
  readonly modified: number | undefined;
  /** The same once more, in nanoseconds: exactly what the plugin asked for. */
  readonly nanoseconds?: {
    readonly accessed: bigint | undefined;
    readonly modified: bigint | undefined;
  };
}

/** Codes of errors, as Node and POSIX have them, that plugins can tell apart. */
export type FileErrorCode =
  | "EACCES"
  | "EBADF"
  | "EBUSY"
  | "EEXIST"
  | "EFBIG"
  | "EILSEQ"
  | "EINVAL"
  | "EIO"
  | "EISDIR"
  | "ELOOP"
  | "EMFILE"
  | "EMLINK"
  | "ENAMETOOLONG"
  | "ENFILE"
  | "ENOENT"
  | "ENOSPC"
  | "ENOTCAPABLE"
  | "ENOTDIR"
  | "ENOTEMPTY"
  | "ENOTSUP"
  | "EPERM"
  | "EROFS"
  | "ESPIPE"
  | "EXDEV";

/** What a file system answers when something can't be done. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, path: string) {
    super(`${code}: ${path === "" ? "." : path}`);
    this.code = code;
  }
}
