import { describe, isBytes } from "../messages/wire/js-value.js";
import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type OpenOptions,
} from "./file-system.js";
import {
  checkTarget,
  directoryOf,
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

/** Options of `new MemoryFiles()`. */
export interface MemoryFilesOptions {
  /** Whether the plugin may change anything; true unless given. */
  readonly writable?: boolean;
  /**
   * Most bytes of all files together, with what their names and they themselves take: 256 bytes for a file, directory or link,
   * and two for each character of a name. 64 MiB unless given.
   */
  readonly capacity?: number;
}

const DEFAULT_CAPACITY = 64 << 20;
/** What a file, directory or link counts for beside its content, so that empty ones are not for free. */
const NODE_SIZE = 256;
/** As on Linux. */
const MAX_HARD_LINKS = 65_000;

/** Nanoseconds since 1970. */
interface Times {
  accessed: bigint;
  modified: bigint;
  changed: bigint;
}

interface FileNode extends Times {
  readonly type: "file";
  readonly inode: number;
  /** Longer than the file where it grows. */
  buffer: Uint8Array;
  size: number;
  /** How many directories list it. It lives on without while it is open. */
  links: number;
  handles: number;
}

interface DirectoryNode extends Times {
  readonly type: "directory";
  readonly inode: number;
  readonly entries: Map<string, Node>;
}

interface LinkNode extends Times {
  readonly type: "symlink";
  readonly inode: number;
  readonly target: string;
  links: number;
}

type Node = FileNode | DirectoryNode | LinkNode;

const ground: Ground<DirectoryNode> = {
  look: ({ entries }, name) => entries.get(name)?.type,
  target({ entries }, name) {
    const node = entries.get(name);
    if (node?.type !== "symlink") throw new FileError("EINVAL", name);
    return node.target;
  },
  enter({ entries }, name) {
    const node = entries.get(name);
    if (node?.type !== "directory") throw new FileError("ENOTDIR", name);
    return node;
  },
};

/** Files in memory, which any number of plugins may share. */
export class MemoryFiles implements FileSystem {
  readonly writable: boolean;
  private readonly capacity: number;
  private used = 0;
  private lastInode = 0;
  private readonly root: DirectoryNode = this.newDirectory();

  /** @param files contents by path: `{ "config/app.json": "{}" }` */
  constructor(
    files: Readonly<Record<string, string | Uint8Array>> = {},
    { writable = true, capacity = DEFAULT_CAPACITY }: MemoryFilesOptions = {},
  ) {
    this.writable = writable;
    this.capacity = capacity;
    for (const [path, content] of Object.entries(files)) this.writeFile(path, content);
  }

  /** Makes a file, and the directories that it is in. For the host. */
  writeFile(path: string, content: string | Uint8Array): void {
    if (typeof content !== "string" && !isBytes(content)) {
      throw new TypeError(`${path} must be a string or a Uint8Array, not ${describe(content)}`);
    }
    const names = path.split("/").filter((name) => name !== "" && name !== ".");
    if (names.length === 0) throw new FileError("EISDIR", path);
    for (let count = 1; count < names.length; count++) {
      const above = names.slice(0, count).join("/");
      if (this.walk(above, "follow").type === undefined) this.createDirectory(above);
    }
    const file = this.openNode(names.join("/"), WRITING);
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.resize(file, 0, path);
    this.write(file, bytes, 0, path);
  }

  /**
   * The content of a file, copied. For the host.
   *
   * @throws FileError if there is none
   */
  readFile(path: string): Uint8Array {
    const node = this.nodeOf(this.walk(path.replace(/^\/+/, ""), "follow"));
    if (node.type !== "file") throw new FileError("EISDIR", path);
    return node.buffer.slice(0, node.size);
  }

  /** As `readFile`, as text. */
  readTextFile(path: string): string {
    return new TextDecoder().decode(this.readFile(path));
  }

  open(path: string, options: OpenOptions, directory?: string): FileHandle {
    const file = this.openNode(path, options, directory);
    if (options.truncate) this.resize(file, 0, path);
    file.handles++;
    return this.handle(file, path);
  }

  stat(path: string, follow = true, directory?: string): FileStat {
    return statOf(this.find(path, follow, directory));
  }

  readDirectory(path: string, directory?: string): DirectoryEntry[] {
    const node = this.find(path, true, directory);
    if (node.type !== "directory") throw new FileError("ENOTDIR", path);
    return Array.from(node.entries, ([name, { type, inode }]) => ({ name, type, inode }));
  }

  createDirectory(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    this.add(place, newName(place, "directory"), () => this.newDirectory());
  }

  removeDirectory(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    const name = removedDirectory(place);
    const node = this.nodeOf(place);
    if (node.type === "directory" && node.entries.size > 0) throw new FileError("ENOTEMPTY", path);
    this.remove(directoryOf(place), name);
  }

  removeFile(path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    this.remove(directoryOf(place), removedFile(place));
  }

  rename(from: string, to: string, fromDirectory?: string, toDirectory?: string): void {
    const source = this.walk(from, "name", fromDirectory);
    const target = this.walk(to, "name", toDirectory);
    const [oldName, name] = movedNames(source, target);
    const node = this.nodeOf(source);
    const replaced = directoryOf(target).entries.get(name);
    if (replaced === node) return;
    if (replaced?.type === "directory" && replaced.entries.size > 0) {
      throw new FileError("ENOTEMPTY", to);
    }
    this.reserve(nameSize(name) - nameSize(oldName), to);
    if (replaced !== undefined) this.remove(directoryOf(target), name);
    directoryOf(source).entries.delete(oldName);
    directoryOf(target).entries.set(name, node);
    touch(directoryOf(source));
    touch(directoryOf(target));
  }

  readLink(path: string, directory?: string): string {
    const node = this.find(path, false, directory);
    if (node.type !== "symlink") throw new FileError("EINVAL", path);
    return node.target;
  }

  setTimes(path: string, times: FileTimes, follow = true, directory?: string): void {
    setTimes(this.find(path, follow, directory), times);
  }

  createSymbolicLink(target: string, path: string, directory?: string): void {
    const place = this.walk(path, "name", directory);
    checkTarget(target, place.names.length);
    const name = newName(place, "symlink");
    this.reserve(nameSize(target), path);
    try {
      this.add(place, name, () => this.newLink(target));
    } catch (error) {
      this.used -= nameSize(target);
      throw error;
    }
  }

  createHardLink(
    from: string,
    to: string,
    follow: boolean,
    fromDirectory?: string,
    toDirectory?: string,
  ): void {
    const node = this.find(from, follow, fromDirectory);
    const place = this.walk(to, "name", toDirectory);
    const name = newName(place, "file");
    if (node.type === "directory") throw new FileError("EPERM", from);
    if (node.links >= MAX_HARD_LINKS) throw new FileError("EMLINK", from);
    // A name of its own for a node that is there: it counts as much as one.
    this.add(place, name, () => node);
    node.links++;
    node.changed = now();
  }

  resolve(path: string, follow: boolean, directory?: string): string {
    return plainPath(existing(this.walk(path, follow ? "follow" : "keep", directory)));
  }

  private openNode(path: string, options: OpenOptions, directory?: string): FileNode {
    const place = this.walk(path, lastLinkOfOpen(options), directory);
    const { name, exists } = openedFile(place, options);
    if (!exists) return this.add(place, name, () => this.newFile());
    const node = this.nodeOf(place);
    if (node.type !== "file") throw new FileError("EISDIR", path);
    return node;
  }

  private handle(file: FileNode, path: string): FileHandle {
    let open = true;
    return {
      stat: () => statOf(file),
      read(target, position) {
        if (position >= file.size) return 0;
        const part = file.buffer.subarray(position, Math.min(position + target.length, file.size));
        target.set(part);
        file.accessed = now();
        return part.length;
      },
      write: (source, position) => this.write(file, source, position, path),
      resize: (size) => this.resize(file, size, path),
      setTimes: (times) => setTimes(file, times),
      sync() {},
      close: () => {
        if (!open) return;
        open = false;
        file.handles--;
        this.forget(file);
      },
    };
  }

  private write(file: FileNode, source: Uint8Array, position: number, path: string): number {
    const end = position + source.length;
    if (end > file.size) this.resize(file, end, path);
    file.buffer.set(source, position);
    touch(file);
    return source.length;
  }

  private resize(file: FileNode, size: number, path: string): void {
    this.reserve(size - file.size, path);
    if (size > file.buffer.length) {
      const grown = new Uint8Array(Math.max(size, Math.min(file.size * 2, this.capacity)));
      grown.set(file.buffer.subarray(0, file.size));
      file.buffer = grown;
    } else if (size === 0) {
      file.buffer = new Uint8Array(0);
    } else {
      // What lay behind the end before must not come back.
      file.buffer.fill(0, Math.min(size, file.size), Math.max(size, file.size));
    }
    file.size = size;
    touch(file);
  }

  private reserve(bytes: number, path: string): void {
    if (bytes > 0 && this.used + bytes > this.capacity) throw new FileError("ENOSPC", path);
    this.used += bytes;
  }

  /** Puts something into a directory. */
  private add<N extends Node>(place: Place<DirectoryNode>, name: string, create: () => N): N {
    this.reserve(NODE_SIZE + nameSize(name), place.path);
    const node = create();
    const directory = directoryOf(place);
    directory.entries.set(name, node);
    touch(directory);
    return node;
  }

  private remove(directory: DirectoryNode, name: string): void {
    const node = directory.entries.get(name);
    if (node === undefined) return;
    directory.entries.delete(name);
    this.used -= NODE_SIZE + nameSize(name);
    touch(directory);
    if (node.type === "directory") return;
    node.links--;
    node.changed = now();
    if (node.type === "file") this.forget(node);
    else if (node.links === 0) this.used -= nameSize(node.target);
  }

  private forget(file: FileNode): void {
    if (file.links > 0 || file.handles > 0) return;
    this.used -= file.size;
    file.buffer = new Uint8Array(0);
    file.size = 0;
  }

  private walk(path: string, lastLink: LastLink, directory = ""): Place<DirectoryNode> {
    return walk(ground, this.root, directory, path, lastLink);
  }

  private find(path: string, follow: boolean, directory?: string): Node {
    return this.nodeOf(this.walk(path, follow ? "follow" : "keep", directory));
  }

  /** @throws FileError if there is nothing */
  private nodeOf(place: Place<DirectoryNode>): Node {
    existing(place);
    const directory = directoryOf(place);
    const node = place.name === undefined ? directory : directory.entries.get(place.name);
    if (node === undefined) throw new FileError("ENOENT", place.path);
    return node;
  }

  private newDirectory(): DirectoryNode {
    return { type: "directory", inode: ++this.lastInode, entries: new Map(), ...timesNow() };
  }

  private newFile(): FileNode {
    return {
      type: "file",
      inode: ++this.lastInode,
      buffer: new Uint8Array(0),
      size: 0,
      links: 1,
      handles: 0,
      ...timesNow(),
    };
  }

  private newLink(target: string): LinkNode {
    return { type: "symlink", inode: ++this.lastInode, target, links: 1, ...timesNow() };
  }
}

const WRITING: OpenOptions = {
  read: false,
  write: true,
  create: true,
  exclusive: false,
  truncate: false,
  follow: true,
};

/** Bytes, as engines keep text. */
function nameSize(name: string): number {
  return name.length * 2;
}

function now(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}

function timesNow(): Times {
  const time = now();
  return { accessed: time, modified: time, changed: time };
}

function touch(node: Times): void {
  node.modified = node.changed = now();
}

function setTimes(node: Times, { accessed, modified, nanoseconds }: FileTimes): void {
  node.accessed = nanoseconds?.accessed ?? exact(accessed) ?? node.accessed;
  node.modified = nanoseconds?.modified ?? exact(modified) ?? node.modified;
  node.changed = now();
}

/** In nanoseconds. */
function exact(milliseconds: number | undefined): bigint | undefined {
  if (milliseconds === undefined) return undefined;
  // Whole milliseconds apart from the rest: their product with 1e6 has more digits than a double holds.
  const whole = Math.floor(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}

function statOf(node: Node): FileStat {
  const { type, inode, accessed, modified, changed } = node;
  return {
    type,
    size: sizeOf(node),
    accessed: Number(accessed) / 1e6,
    modified: Number(modified) / 1e6,
    changed: Number(changed) / 1e6,
    inode,
    links: node.type === "directory" ? 1 : node.links,
    nanoseconds: { accessed, modified, changed },
  };
}

function sizeOf(node: Node): number {
  if (node.type === "file") return node.size;
  return node.type === "symlink" ? new TextEncoder().encode(node.target).length : 0;
}
