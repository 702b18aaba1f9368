import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
  type Stats,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type FileType,
  type OpenOptions,
} from "./file-system.js";

export interface HostDirectoryOptions {
  /** Whether the plugin may change anything; false unless given. */
  readonly writable?: boolean;
}

/** As Linux has it. */
const MAX_LINKS = 40;
/** Windows has no such flags, nor such links unless an administrator makes them. */
const { O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

/**
 * A path whose directory was found step by step, without following a link that nobody looked at. On Linux the directory
 * is held open, and the path goes through it: whoever renames or replaces a directory meanwhile does not change what the
 * path means.
 */
interface Place {
  readonly path: string;
  /** Whether the name is a symbolic link. */
  readonly isLink: boolean;
}

/**
 * A directory of the host, and all that is below it. Nothing leads out of it: symbolic links are followed as long as they
 * stay inside, absolute ones not at all. Plugins can't make links.
 */
export class HostDirectory implements FileSystem {
  readonly writable: boolean;
  private readonly root: string;

  /**
   * @param path absolute, or relative to the current directory
   * @throws an error of Node's if there is no such directory
   */
  constructor(path: string, { writable = false }: HostDirectoryOptions = {}) {
    this.writable = writable;
    this.root = realpathSync(path);
    closeSync(openSync(this.root, constants.O_RDONLY | O_DIRECTORY));
  }

  open(path: string, options: OpenOptions): FileHandle {
    return this.at(path, options.follow, (place) => {
      if (place.isLink) throw new FileError("ELOOP", path);
      // Not truncated before it is known to be the right file, and not opened in a way that waits for another program.
      let flags = O_NOFOLLOW | O_NONBLOCK;
      flags |= options.write ? (options.read ? constants.O_RDWR : constants.O_WRONLY) : 0;
      if (options.create) flags |= constants.O_CREAT;
      if (options.exclusive) flags |= constants.O_EXCL;
      const fd = openSync(place.path, flags, 0o666);
      try {
        this.check(fd, place, path);
        const stat = fstatSync(fd);
        if (!stat.isFile()) throw new FileError(stat.isDirectory() ? "EISDIR" : "EACCES", path);
        if (options.truncate) ftruncateSync(fd, 0);
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      return new HostFile(fd);
    });
  }

  stat(path: string, follow: boolean): FileStat {
    return this.at(path, follow, (place) => statOf(lstatSync(place.path)));
  }

  readDirectory(path: string): DirectoryEntry[] {
    // Held too: it is not read through a link that took its place.
    return this.at(`${path}/.`, true, (place) =>
      readdirSync(place.path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        type: typeOf(entry),
        inode: 0,
      })),
    );
  }

  createDirectory(path: string): void {
    this.at(path, false, (place) => mkdirSync(place.path));
  }

  removeDirectory(path: string): void {
    this.at(path, false, (place) => rmdirSync(place.path));
  }

  removeFile(path: string): void {
    this.at(path, false, (place) => unlinkSync(place.path));
  }

  rename(from: string, to: string): void {
    this.at(from, false, (source) =>
      this.at(to, false, (target) => renameSync(source.path, target.path)),
    );
  }

  readLink(path: string): string {
    return this.at(path, false, (place) => readlinkSync(place.path));
  }

  setTimes(path: string, times: FileTimes, follow: boolean): void {
    // Links that are to be followed have been.
    this.at(path, follow, (place) =>
      lutimesSync(place.path, ...timesOf(times, lstatSync(place.path))),
    );
  }

  /** Looks for a path and uses it while the directories on the way to it are held. */
  private at<T>(path: string, follow: boolean, use: (place: Place) => T): T {
    const walk = new Walk(this.root);
    try {
      return use(walk.to(path, follow));
    } finally {
      walk.end();
    }
  }

  /** Where directories can't be held, a link may have taken the place of one: then another file was opened. */
  private check(fd: number, place: Place, path: string): void {
    if (HOLDS_DIRECTORIES) return;
    const opened = fstatSync(fd);
    const real = realpathSync(place.path);
    const meant = lstatSync(real);
    const isInside = real.startsWith(join(this.root, "/"));
    if (!isInside || opened.ino !== meant.ino || opened.dev !== meant.dev) {
      throw new FileError("ENOTCAPABLE", path);
    }
  }
}

const HOLDS_DIRECTORIES = process.platform === "linux";

/** A way down from the root, one directory at a time. */
class Walk {
  /** Descriptors of the directories that are held, the root first. */
  private readonly held: number[] = [];
  /** Paths of the directories, the root first. */
  private readonly directories: string[] = [];

  constructor(root: string) {
    this.enter(root);
  }

  /** @throws FileError ENOTCAPABLE if a link leads out of the root */
  to(path: string, follow: boolean): Place {
    const steps = path === "" ? [] : path.split("/");
    let links = 0;
    for (;;) {
      const step = steps.shift();
      // What is held is itself a link, but not what is in it.
      if (step === undefined) return { path: `${this.current}/.`, isLink: false };
      if (step === "" || step === ".") continue;
      // Here these are not only parts of names.
      if (process.platform === "win32" && /[\\:]/.test(step)) throw new FileError("ENOENT", path);
      if (step === "..") {
        this.leave(path);
        continue;
      }
      const next = join(this.current, step);
      const isLast = steps.every((rest) => rest === "");
      const stat = lstatSync(next, { throwIfNoEntry: false });
      if (stat?.isSymbolicLink() === true && !(isLast && !follow)) {
        if (++links > MAX_LINKS) throw new FileError("ELOOP", path);
        const target = readlinkSync(next);
        if (isAbsolute(target)) throw new FileError("ENOTCAPABLE", path);
        steps.unshift(...target.split("/"));
        continue;
      }
      if (isLast) return { path: next, isLink: stat?.isSymbolicLink() === true };
      if (stat === undefined) throw new FileError("ENOENT", path);
      this.enter(next);
    }
  }

  end(): void {
    for (const fd of this.held) closeSync(fd);
  }

  private get current(): string {
    return this.directories[this.directories.length - 1] ?? "";
  }

  /** A link in the place of the directory, made after it was looked at, is not followed. */
  private enter(path: string): void {
    if (!HOLDS_DIRECTORIES) {
      this.directories.push(path);
      return;
    }
    const fd = openSync(path, constants.O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    this.held.push(fd);
    this.directories.push(`/proc/self/fd/${fd}`);
  }

  private leave(path: string): void {
    if (this.directories.length === 1) throw new FileError("ENOTCAPABLE", path);
    this.directories.pop();
    const fd = this.held.pop();
    if (fd !== undefined) closeSync(fd);
  }
}

class HostFile implements FileHandle {
  private readonly fd: number;

  constructor(fd: number) {
    this.fd = fd;
  }

  stat(): FileStat {
    return statOf(fstatSync(this.fd));
  }

  read(target: Uint8Array, position: number): number {
    return readSync(this.fd, target, 0, target.length, position);
  }

  write(source: Uint8Array, position: number): number {
    return writeSync(this.fd, source, 0, source.length, position);
  }

  resize(size: number): void {
    ftruncateSync(this.fd, size);
  }

  setTimes(times: FileTimes): void {
    futimesSync(this.fd, ...timesOf(times, fstatSync(this.fd)));
  }

  sync(): void {
    fsyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}

function statOf(stat: Stats): FileStat {
  return {
    type: typeOf(stat),
    size: stat.size,
    accessed: stat.atimeMs,
    modified: stat.mtimeMs,
    changed: stat.ctimeMs,
    inode: stat.ino,
    links: stat.nlink,
  };
}

function typeOf(entry: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): FileType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

/** In seconds, as Node wants them. */
function timesOf({ accessed, modified }: FileTimes, stat: Stats): [number, number] {
  return [(accessed ?? stat.atimeMs) / 1000, (modified ?? stat.mtimeMs) / 1000];
}
