/**
 * Files that a plugin may use. Implementations need not be in memory or on a disk; they answer at once, as a plugin
 * can't wait.
 *
 * Paths are relative to the root, with `/` between names, without `.` and `..`; the root itself is "". What can't be done
 * is a FileError, or any error with a `code` as Node's: `ENOENT`.
 */
export interface FileSystem {
  /** Whether the plugin may change anything. If not, it is refused before an implementation is asked. */
  readonly writable: boolean;
  open(path: string, options: OpenOptions): FileHandle;
  /** @param follow whether to look at what a symbolic link in the last place points to */
  stat(path: string, follow: boolean): FileStat;
  readDirectory(path: string): readonly DirectoryEntry[];
  createDirectory(path: string): void;
  removeDirectory(path: string): void;
  removeFile(path: string): void;
  /** Replaces what is there. */
  rename(from: string, to: string): void;
  /** The target of a symbolic link. */
  readLink(path: string): string;
  setTimes(path: string, times: FileTimes, follow: boolean): void;
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
  /** Tells two files of one file system apart. */
  readonly inode: number;
  readonly links: number;
}

/** A name in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  readonly type: FileType;
  readonly inode: number;
}

/** Milliseconds since 1970; undefined leaves a time as it is. */
export interface FileTimes {
  readonly accessed: number | undefined;
  readonly modified: number | undefined;
}

/** Codes of errors, as Node and POSIX have them, that plugins can tell apart. */
export type FileErrorCode =
  | "EACCES"
  | "EBADF"
  | "EBUSY"
  | "EEXIST"
  | "EFBIG"
  | "EINVAL"
  | "EIO"
  | "EISDIR"
  | "ELOOP"
  | "EMFILE"
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
  | "EXDEV";

/** What a file system answers when something can't be done. */
export class FileError extends Error {
  readonly code: FileErrorCode;

  constructor(code: FileErrorCode, path: string) {
    super(`${code}: ${path === "" ? "." : path}`);
    this.code = code;
  }
}
