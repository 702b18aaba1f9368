import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
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
  symlinkSync,
  unlinkSync,
  writeSync,
  type BigIntStats,
} from "node:fs";
import { isAbsolute, join } from "node:path";
import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type OpenOptions,
} from "./file-system.js";
import { ExactTimes } from "./exact-times.js";
import { keyOf, typeOf } from "./host-stat.js";
import {
  checkTarget,
  directoryOf,
  existing,
  lastLinkOfOpen,
  leadsOut,
  movedNames,
  newName,
  openedFile,
  plainPath,
  removedDirectory,
  removedFile,
  walk,
  type Ground,
  type LastLink,
  type Place,
} from "./path-walk.js";
import { Quota } from "./quota.js";

/** Options of `new HostDirectory()`. */
export interface HostDirectoryOptions {
  /** Whether the plugin may change anything; false unless given. */
  readonly writable?: boolean;
  /**
   * Most bytes by which plugins may make the directory grow; no limit unless given. New files, directories and links count
   * 4096 each beside their content, and what plugins remove is theirs again. What other programs do there is not counted.
   */
  readonly quota?: number;
}

/** Windows has no such flags, nor such links unless an administrator makes them. */
const { O_DIRECTORY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

const HOLDS_DIRECTORIES = process.platform === "linux";

/** Deepest directory: each one on the way is held open. */
const MAX_DEPTH = 256;

/**
 * A directory on the way. On Linux it is held open, and its path goes through it: whoever renames or replaces a directory
 * meanwhile does not change what a path means.
 */
interface HeldDirectory {
  readonly path: string;
  readonly fd: number | undefined;
}

/**
 * A directory of the host, and all that is below it. Nothing leads out of it: symbolic links are followed as long as they
 * stay inside, absolute ones not at all, and plugins neither make nor see the targets of others.
 */
export class HostDirectory implements FileSystem {
  readonly writable: boolean;
  private readonly root: string;
  private readonly quota: Quota;
  private readonly times = new ExactTimes();

  /**
   * @param path absolute, or relative to the current directory
   * @throws an error of Node's if there is no such directory
   */
  constructor(path: string, { writable = false, quota }: HostDirectoryOptions = {}) {
    this.writable = writable;
    this.quota = new Quota(quota);
    this.root = realpathSync(path);
    closeSync(openSync(this.root, constants.O_RDONLY | O_DIRECTORY));
  }

  open(path: string, options: OpenOptions, directory?: string): FileHandle {
    return this.at(path, lastLinkOfOpen(options), directory, (place) => {
      const { name, exists } = openedFile(place, options);
      // Not truncated before it is known to be the right file, and not opened in a way that waits for another program.
      let flags = O_NOFOLLOW | O_NONBLOCK;
      const writes = options.write || options.truncate;
      flags |= writes ? (options.read ? constants.O_RDWR : constants.O_WRONLY) : 0;
      if (options.create) flags |= constants.O_CREAT;
      if (options.exclusive) flags |= constants.O_EXCL;
      const target = pathOf(place, name);
      const open = (): number => openSync(target, flags, 0o666);
      const fd = exists ? open() : this.quota.adding(0n, path, open);
      try {
        this.check(fd, target, path);
        const stat = fstatSync(fd, { bigint: true });
        if (!stat.isFile()) throw new FileError(stat.isDirectory() ? "EISDIR" : "EACCES", path);
        if (options.truncate) this.quota.resizing(fd, 0, path, () => ftruncateSync(fd, 0));
      } catch (error) {
        closeSync(fd);
        throw error;
      }
      return new HostFile(fd, path, this.quota, this.times);
    });
  }

  stat(path: string, follow: boolean, directory?: string): FileStat {
    return this.at(path, follow ? "follow" : "keep", directory, (place) => {
      existing(place);
      return this.times.statOf(lstatSync(pathOf(place, place.name), { bigint: true }));
    });
  }

  readDirectory(path: string, directory?: string): DirectoryEntry[] {
    // Held too: it is not read through a link that took its place.
    return this.at(`${path}/.`, "follow", directory, (place) => {
      const { path } = directoryOf(place);
      return readdirSync(`${path}/.`, { withFileTypes: true }).flatMap((entry) => {
        const stat = lstatSync(join(path, entry.name), { bigint: true, throwIfNoEntry: false });
        // Removed meanwhile.
        if (stat === undefined) return [];
        return [{ name: entry.name, type: typeOf(stat), inode: Number(stat.ino) }];
      });
    });
  }

  createDirectory(path: string, directory?: string): void {
    this.at(path, "name", directory, (place) => {
      const name = newName(place, "directory");
      this.quota.adding(0n, path, () => mkdirSync(pathOf(place, name)));
    });
  }

  removeDirectory(path: string, directory?: string): void {
    this.at(path, "name", directory, (place) => {
      const target = pathOf(place, removedDirectory(place));
      this.quota.removing(target, () => rmdirSync(target));
    });
  }

  removeFile(path: string, directory?: string): void {
    this.at(path, "name", directory, (place) => {
      const target = pathOf(place, removedFile(place));
      this.quota.removing(target, () => unlinkSync(target));
    });
  }

  rename(from: string, to: string, fromDirectory?: string, toDirectory?: string): void {
    this.at(from, "name", fromDirectory, (source) =>
      this.at(to, "name", toDirectory, (target) => {
        const [oldName, name] = movedNames(source, target);
        const [oldPath, newPath] = [pathOf(source, oldName), pathOf(target, name)];
        const move = (): void => renameSync(oldPath, newPath);
        if (target.type === undefined || isSameFile(oldPath, newPath)) move();
        else this.quota.removing(newPath, move);
      }),
    );
  }

  readLink(path: string, directory?: string): string {
    return this.at(path, "keep", directory, (place) => {
      if (existing(place).type !== "symlink") throw new FileError("EINVAL", path);
      const target = targetAt(pathOf(place, place.name), path);
      // Where such a link leads is the host's own business.
      if (leadsOut(target, place.names.length)) throw new FileError("ENOTCAPABLE", path);
      return target;
    });
  }

  setTimes(path: string, times: FileTimes, follow: boolean, directory?: string): void {
    this.at(path, follow ? "follow" : "keep", directory, (place) => {
      existing(place);
      const target = pathOf(place, place.name);
      const stat = (): BigIntStats => lstatSync(target, { bigint: true });
      // Links that are to be followed have been.
      this.times.set(times, stat, (accessed, modified) => lutimesSync(target, accessed, modified));
    });
  }

  createSymbolicLink(target: string, path: string, directory?: string): void {
    this.at(path, "name", directory, (place) => {
      checkTarget(target, place.names.length);
      if (!isName(target)) throw new FileError("ENOTCAPABLE", path);
      const name = newName(place, "symlink");
      this.quota.adding(BigInt(target.length), path, () =>
        symlinkSync(target, pathOf(place, name)),
      );
    });
  }

  createHardLink(
    from: string,
    to: string,
    follow: boolean,
    fromDirectory?: string,
    toDirectory?: string,
  ): void {
    this.at(from, follow ? "follow" : "keep", fromDirectory, (source) => {
      const { type, name } = existing(source);
      this.at(to, "name", toDirectory, (target) => {
        const newPath = pathOf(target, newName(target, "file"));
        if (type === "directory") throw new FileError("EPERM", from);
        // Others follow a symbolic link here, also one that was put in place of the file meanwhile.
        if (!HOLDS_DIRECTORIES) throw new FileError("ENOTSUP", to);
        this.quota.adding(0n, to, () => linkSync(pathOf(source, name), newPath));
      });
    });
  }

  resolve(path: string, follow: boolean, directory?: string): string {
    return this.at(path, follow ? "follow" : "keep", directory, (place) =>
      plainPath(existing(place)),
    );
  }

  /** Looks for a path and uses it while the directories on the way to it are held. */
  private at<T>(
    path: string,
    lastLink: LastLink,
    directory = "",
    use: (place: Place<HeldDirectory>) => T,
  ): T {
    const held = new Set<HeldDirectory>();
    const ground = groundHolding(held);
    try {
      return use(walk(ground, hold(this.root, held), directory, path, lastLink));
    } finally {
      for (const { fd } of held) if (fd !== undefined) closeSync(fd);
    }
  }

  /** Where directories can't be held, a link may have taken the place of one: then another file was opened. */
  private check(fd: number, target: string, path: string): void {
    if (HOLDS_DIRECTORIES) return;
    const opened = fstatSync(fd);
    const real = realpathSync(target);
    const meant = lstatSync(real);
    const isInside = real.startsWith(join(this.root, "/"));
    if (!isInside || opened.ino !== meant.ino || opened.dev !== meant.dev) {
      throw new FileError("ENOTCAPABLE", path);
    }
  }
}

function groundHolding(held: Set<HeldDirectory>): Ground<HeldDirectory> {
  return {
    look(directory, name) {
      if (!isName(name)) throw new FileError("ENOENT", name);
      const stat = lstatSync(join(directory.path, name), { throwIfNoEntry: false });
      return stat && typeOf(stat);
    },
    target: (directory, name) => targetAt(join(directory.path, name), name),
    enter: (directory, name) => hold(join(directory.path, name), held),
    left(directory) {
      held.delete(directory);
      if (directory.fd !== undefined) closeSync(directory.fd);
    },
  };
}

/** On Windows these are not only parts of names. */
function isName(text: string): boolean {
  return process.platform !== "win32" || !/[\\:]/.test(text);
}

/** The target of a symbolic link, with `/` between names. */
function targetAt(link: string, path: string): string {
  const target = readlinkSync(link);
  if (isAbsolute(target)) throw new FileError("ENOTCAPABLE", path);
  return process.platform === "win32" ? target.replaceAll("\\", "/") : target;
}

/** A link in the place of the directory, made after it was looked at, is not followed. */
function hold(path: string, held: Set<HeldDirectory>): HeldDirectory {
  if (held.size > MAX_DEPTH) throw new FileError("ENAMETOOLONG", path);
  const directory = HOLDS_DIRECTORIES ? holdOpen(path) : { path, fd: undefined };
  held.add(directory);
  return directory;
}

function holdOpen(path: string): HeldDirectory {
  const fd = openSync(path, constants.O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  return { path: `/proc/self/fd/${fd}`, fd };
}

/** What is held is itself a link, but not what is in it. */
function pathOf(place: Place<HeldDirectory>, name: string | undefined): string {
  const { path } = directoryOf(place);
  return name === undefined ? `${path}/.` : join(path, name);
}

function isSameFile(one: string, other: string): boolean {
  return keyOf(lstatSync(one, { bigint: true })) === keyOf(lstatSync(other, { bigint: true }));
}

class HostFile implements FileHandle {
  private readonly fd: number;
  private readonly path: string;
  private readonly quota: Quota;
  private readonly times: ExactTimes;

  constructor(fd: number, path: string, quota: Quota, times: ExactTimes) {
    this.fd = fd;
    this.path = path;
    this.quota = quota;
    this.times = times;
    quota.opened(fd);
  }

  stat(): FileStat {
    return this.times.statOf(fstatSync(this.fd, { bigint: true }));
  }

  read(target: Uint8Array, position: number): number {
    return readSync(this.fd, target, 0, target.length, position);
  }

  write(source: Uint8Array, position: number): number {
    return this.quota.growing(this.fd, position + source.length, this.path, () =>
      writeSync(this.fd, source, 0, source.length, position),
    );
  }

  resize(size: number): void {
    this.quota.resizing(this.fd, size, this.path, () => ftruncateSync(this.fd, size));
  }

  setTimes(times: FileTimes): void {
    const stat = (): BigIntStats => fstatSync(this.fd, { bigint: true });
    this.times.set(times, stat, (accessed, modified) => futimesSync(this.fd, accessed, modified));
  }

  sync(): void {
    fsyncSync(this.fd);
  }

  close(): void {
    this.quota.closing(this.fd, () => closeSync(this.fd));
  }
}
