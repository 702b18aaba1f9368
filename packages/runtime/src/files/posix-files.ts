import { propertyOf } from "../errors/property-of.js";
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
import {
  checkTarget,
  existing,
  lastLinkOfOpen,
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

/** A file system that follows paths itself. */
export type PosixFiles = FileSystem & Pick<Required<FileSystem>, "resolve">;

const adapted = new WeakMap<FileSystem, PosixFiles>();

/** The file system itself if it follows paths as POSIX says, or one that does so with its help. Always the same one. */
export function posixFiles(files: FileSystem): PosixFiles {
  if (followsPaths(files)) return files;
  let found = adapted.get(files);
  if (found === undefined) adapted.set(files, (found = new PlainPathFiles(files)));
  return found;
}

function followsPaths(files: FileSystem): files is PosixFiles {
  return files.resolve !== undefined;
}

/** Makes paths plain for a file system that knows only such. Directories are their own paths. */
class PlainPathFiles implements PosixFiles {
  private readonly files: FileSystem;
  private readonly ground: Ground<string>;

  constructor(files: FileSystem) {
    this.files = files;
    this.ground = {
      look: (directory, name) => typeOf(files, join(directory, name)),
      target: (directory, name) => files.readLink(join(directory, name)),
      enter: join,
    };
  }

  get writable(): boolean {
    return this.files.writable;
  }

  open(path: string, options: OpenOptions, directory?: string): FileHandle {
    const place = this.walk(path, lastLinkOfOpen(options), directory);
    openedFile(place, options);
    return this.files.open(plainPath(place), { ...options, follow: false });
  }

  stat(path: string, follow: boolean, directory?: string): FileStat {
    return this.files.stat(this.resolve(path, follow, directory), false);
  }

  readDirectory(path: string, directory?: string): readonly DirectoryEntry[] {
    return this.files.readDirectory(this.resolve(path, true, directory));
  }

  createDirectory(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    newName(place, "directory");
    this.files.createDirectory(plainPath(place));
  }

  removeDirectory(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    removedDirectory(place);
    this.files.removeDirectory(plainPath(place));
  }

  removeFile(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    removedFile(place);
    this.files.removeFile(plainPath(place));
  }

  rename(from: string, to: string, fromDirectory?: string, toDirectory?: string): void {
    const source = this.walk(from, "name", fromDirectory);
    const target = this.walk(to, "name", toDirectory);
    movedNames(source, target);
    this.files.rename(plainPath(source), plainPath(target));
  }

  readLink(path: string, directory?: string): string {
    return this.files.readLink(this.resolve(path, false, directory));
  }

  setTimes(path: string, times: FileTimes, follow: boolean, directory?: string): void {
    this.files.setTimes(this.resolve(path, follow, directory), times, false);
  }

  createSymbolicLink(target: string, path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    if (this.files.createSymbolicLink === undefined) throw new FileError("ENOTSUP", path);
    checkTarget(target, place.names.length);
    newName(place, "symlink");
    this.files.createSymbolicLink(target, plainPath(place));
  }

  createHardLink(
    from: string,
    to: string,
    follow: boolean,
    fromDirectory?: string,
    toDirectory?: string,
  ): void {
    const source = existing(this.walk(from, follow ? "follow" : "keep", fromDirectory));
    const target = this.walk(to, "name", toDirectory);
    if (this.files.createHardLink === undefined) throw new FileError("ENOTSUP", to);
    newName(target, "file");
    if (source.type === "directory") throw new FileError("EPERM", from);
    this.files.createHardLink(plainPath(source), plainPath(target), false);
  }

  resolve(path: string, follow: boolean, directory?: string): string {
    return plainPath(existing(this.walk(path, follow ? "follow" : "keep", directory)));
  }

  private walk(path: string, lastLink: LastLink, directory = ""): Place<string> {
    return walk(this.ground, "", directory, path, lastLink);
  }
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

function typeOf(files: FileSystem, path: string): FileType | undefined {
  try {
    return files.stat(path, false).type;
  } catch (error) {
    if (propertyOf(error, "code") === "ENOENT") return undefined;
    throw error;
  }
}
