import { FileError, type FileType } from "./file-system.js";

/** Longest name and path in bytes, and most links on the way, as on Linux. The NUL of C counts in a path. */
const NAME_MAX = 255;
const PATH_MAX = 4096;
const MAX_LINKS = 40;

/** What paths lead over: directories of some kind. */
export interface Ground<D> {
  /** What a name in a directory stands for, a link not followed; undefined: nothing. */
  look(directory: D, name: string): FileType | undefined;
  /** The target of a symbolic link. */
  target(directory: D, name: string): string;
  enter(directory: D, name: string): D;
  /** Told when a directory is left by `..`. */
  left?(directory: D): void;
}

/**
 * What happens to a symbolic link in the last place: it is followed; followed only if a slash comes behind it; only if none
 * does, as where a file is made; never, as where other names are made and removed.
 */
export type LastLink = "follow" | "keep" | "create" | "name";

/** Where a path leads. */
export interface Place<D> {
  /** The path as it was given, for errors. */
  readonly path: string;
  /** The directories on the way, the root first. The last one holds the name. */
  readonly directories: readonly D[];
  /** Names of the directories below the root. */
  readonly names: readonly string[];
  /** undefined: the path ends at the last directory itself, as by `.` and `..`. */
  readonly name: string | undefined;
  /** undefined: there is nothing. */
  readonly type: FileType | undefined;
  /** Whether a slash at the end says that it is a directory. */
  readonly slash: boolean;
  /** The last name as it was written: `.` and `..` can be neither made nor removed. */
  readonly last: string;
}

/**
 * Follows a path as POSIX says, one name after the other: a link is followed where it stands, and `..` is the directory
 * above the one that was reached.
 *
 * @param directory plain path of a directory that the path starts at and does not leave
 * @throws FileError ENOTCAPABLE if the path leads out of the directory, by `..` or a link
 *
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html#tag_04_16
 */
export function walk<D>(
  ground: Ground<D>,
  root: D,
  directory: string,
  path: string,
  lastLink: LastLink,
): Place<D> {
  checkLength(path);
  const directories = [root];
  const names: string[] = [];
  const enter = (current: D, name: string): void => {
    directories.push(ground.enter(current, name));
    names.push(name);
  };
  const current = (): D => directories[directories.length - 1] ?? root;

  for (const name of namesOf(directory)) {
    if (ground.look(current(), name) !== "directory") throw new FileError("ENOENT", path);
    enter(current(), name);
  }
  const floor = names.length;

  // The next one last.
  const steps = namesOf(path).reverse();
  let slash = path.endsWith("/");
  let last = steps[0] ?? ".";
  let links = 0;
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (step === ".") continue;
    if (step === "..") {
      if (names.length === floor) throw new FileError("ENOTCAPABLE", path);
      ground.left?.(current());
      directories.pop();
      names.pop();
      continue;
    }
    if (byteLength(step) > NAME_MAX) throw new FileError("ENAMETOOLONG", path);
    const type = ground.look(current(), step);
    const isLast = steps.length === 0;
    const isFollowed = !isLast || lastLink === "follow" || lastLink === (slash ? "keep" : "create");
    if (type === "symlink" && isFollowed) {
      if (++links > MAX_LINKS) throw new FileError("ELOOP", path);
      const target = ground.target(current(), step);
      if (target.startsWith("/")) throw new FileError("ENOTCAPABLE", path);
      checkLength(target);
      const more = namesOf(target);
      if (more.length === 0) throw new FileError("ENOENT", path);
      if (isLast) {
        slash ||= target.endsWith("/");
        last = more[more.length - 1] ?? last;
      }
      steps.push(...more.reverse());
      continue;
    }
    if (isLast) return { path, directories, names, name: step, type, slash, last };
    if (type === undefined) throw new FileError("ENOENT", path);
    if (type !== "directory") throw new FileError("ENOTDIR", path);
    enter(current(), step);
  }
  return { path, directories, names, name: undefined, type: "directory", slash, last };
}

/** The directory that holds the name, or that the path ends at. */
export function directoryOf<D>({ directories, path }: Place<D>): D {
  const last = directories[directories.length - 1];
  if (last === undefined) throw new FileError("ENOENT", path);
  return last;
}

/** @throws FileError if there is nothing, or no directory where a slash says so */
export function existing<D>(place: Place<D>): Place<D> & { readonly type: FileType } {
  const { type } = place;
  if (type === undefined) throw new FileError("ENOENT", place.path);
  if (place.slash && type !== "directory") throw new FileError("ENOTDIR", place.path);
  return { ...place, type };
}

/**
 * The name of something new.
 *
 * @throws FileError if there is something, or if what comes there can't have a slash behind it
 */
export function newName<D>(place: Place<D>, type: FileType): string {
  if (place.name === undefined || place.type !== undefined) {
    const isFile = place.type === "file" || place.type === "other";
    // POSIX says so; Linux answers EEXIST.
    if (place.slash && isFile && type !== "directory") throw new FileError("ENOTDIR", place.path);
    throw new FileError("EEXIST", place.path);
  }
  if (place.slash && type !== "directory") throw new FileError("ENOENT", place.path);
  return place.name;
}

/** The name of a file, or of something else that is no directory, that is to go. */
export function removedFile<D>(place: Place<D>): string {
  if (existing(place).type === "directory" || place.name === undefined) {
    throw new FileError("EISDIR", place.path);
  }
  return place.name;
}

/** The name of a directory that is to go. */
export function removedDirectory<D>(place: Place<D>): string {
  const { path, last } = place;
  if (existing(place).type !== "directory") throw new FileError("ENOTDIR", path);
  if (place.name !== undefined) return place.name;
  if (path === "") throw new FileError("EBUSY", path);
  throw new FileError(last === ".." ? "ENOTEMPTY" : "EINVAL", path);
}

/** The names between which something moves. */
export function movedNames<D>(from: Place<D>, to: Place<D>): readonly [string, string] {
  // `.`, `..` and the root can't be moved, nor moved to.
  if (from.name === undefined) throw new FileError("EBUSY", from.path);
  if (to.name === undefined) throw new FileError("EBUSY", to.path);
  const isDirectory = existing(from).type === "directory";
  if (!isDirectory && to.slash) throw new FileError("ENOTDIR", to.path);
  if (isBelow(to, from)) throw new FileError("EINVAL", to.path);
  if (isBelow(from, to)) throw new FileError("ENOTEMPTY", to.path);
  if (to.type === undefined) return [from.name, to.name];
  if (isDirectory && to.type !== "directory") throw new FileError("ENOTDIR", to.path);
  if (!isDirectory && to.type === "directory") throw new FileError("EISDIR", to.path);
  return [from.name, to.name];
}

/** Whether a place is in the directory that another one stands for, or deeper. */
function isBelow<D>(place: Place<D>, above: Place<D>): boolean {
  const { names } = place;
  const { length } = above.names;
  return names[length] === above.name && above.names.every((name, i) => names[i] === name);
}

/**
 * What is opened: the name of the file and whether it is there.
 *
 * @throws FileError
 */
export function openedFile<D>(
  place: Place<D>,
  { create, exclusive }: { readonly create: boolean; readonly exclusive: boolean },
): { readonly name: string; readonly exists: boolean } {
  const { path, name, type } = place;
  if (create && place.slash && name !== undefined) throw new FileError("EISDIR", path);
  if (create && exclusive && type !== undefined) throw new FileError("EEXIST", path);
  if (type === undefined && create && name !== undefined) return { name, exists: false };
  existing(place);
  if (type === "directory" || name === undefined) throw new FileError("EISDIR", path);
  if (type === "symlink") throw new FileError("ELOOP", path);
  return { name, exists: true };
}

/** How an open treats a link in the last place: with O_CREAT and O_EXCL, also one that leads nowhere is in the way. */
export function lastLinkOfOpen(options: {
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly follow: boolean;
}): LastLink {
  const { create, exclusive, follow } = options;
  if (create) return follow && !exclusive ? "create" : "name";
  return follow ? "follow" : "keep";
}

/**
 * The path of a place from the root.
 *
 * @throws FileError ENAMETOOLONG if nobody could write it
 */
export function plainPath<D>({ names, name }: Place<D>): string {
  const path = [...names, ...(name === undefined ? [] : [name])].join("/");
  checkLength(path);
  return path;
}

/**
 * Whether the target of a symbolic link, taken by its letters, leads out of the root.
 *
 * @param depth of the directory that the link is in: 0 in the root
 */
export function leadsOut(target: string, depth: number): boolean {
  if (target.startsWith("/")) return true;
  for (const name of namesOf(target)) {
    if (name === "..") depth--;
    else if (name !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** @throws FileError if a symbolic link may not have this target */
export function checkTarget(target: string, depth: number): void {
  if (target === "") throw new FileError("ENOENT", target);
  checkLength(target);
  if (leadsOut(target, depth)) throw new FileError("ENOTCAPABLE", target);
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

/** @throws FileError ENAMETOOLONG */
function checkLength(path: string): void {
  if (byteLength(path) >= PATH_MAX) throw new FileError("ENAMETOOLONG", `${path.slice(0, 80)}…`);
}

/** In UTF-8. Long texts are not looked at: they are too long in any case. */
function byteLength(text: string): number {
  if (text.length >= PATH_MAX) return text.length;
  let size = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return size;
}
