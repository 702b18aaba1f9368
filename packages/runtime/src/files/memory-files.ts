import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type OpenOptions,
} from "./file-system.js";

/** Options of `new MemoryFiles()`. */
export interface MemoryFilesOptions {
  /** Whether the plugin may change anything; true unless given. */
  readonly writable?: boolean;
  /** Most bytes of all files together; 64 MiB unless given. */
  readonly capacity?: number;
}

const DEFAULT_CAPACITY = 64 << 20;
/** What a file or directory counts for beside its content, so that empty ones are not for free. */
const NODE_SIZE = 256;

interface Times {
  accessed: number;
  modified: number;
  changed: number;
}

interface FileNode extends Times {
  readonly type: "file";
  readonly inode: number;
  /** Longer than the file where it grows. */
  buffer: Uint8Array;
  size: number;
  /** Whether a directory lists it. It lives on without while it is open. */
  listed: boolean;
  handles: number;
}

interface DirectoryNode extends Times {
  readonly type: "directory";
  readonly inode: number;
  readonly entries: Map<string, Node>;
}

type Node = FileNode | DirectoryNode;

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
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw new FileError("EISDIR", path);
    let directory = this.root;
    for (const step of names) {
      let next = directory.entries.get(step);
      if (next === undefined) directory.entries.set(step, (next = this.newDirectory()));
      if (next.type !== "directory") throw new FileError("ENOTDIR", path);
      directory = next;
    }
    const old = directory.entries.get(name);
    if (old?.type === "directory") throw new FileError("EISDIR", path);
    const file = old ?? this.newFile(directory, name);
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
    const node = this.find(namesOf(path).join("/"));
    if (node.type === "directory") throw new FileError("EISDIR", path);
    return node.buffer.slice(0, node.size);
  }

  /** As `readFile`, as text. */
  readTextFile(path: string): string {
    return new TextDecoder().decode(this.readFile(path));
  }

  open(path: string, options: OpenOptions): FileHandle {
    const file = this.openNode(path, options);
    if (options.truncate) this.resize(file, 0, path);
    file.handles++;
    return this.handle(file, path);
  }

  stat(path: string): FileStat {
    return statOf(this.find(path));
  }

  readDirectory(path: string): DirectoryEntry[] {
    const { entries } = this.directory(path);
    return Array.from(entries, ([name, { type, inode }]) => ({ name, type, inode }));
  }

  createDirectory(path: string): void {
    const { directory, name } = this.place(path);
    if (directory.entries.has(name)) throw new FileError("EEXIST", path);
    this.reserve(NODE_SIZE, path);
    directory.entries.set(name, this.newDirectory());
    touch(directory);
  }

  removeDirectory(path: string): void {
    const { directory, name } = this.place(path);
    const { entries } = this.directory(path);
    if (entries.size > 0) throw new FileError("ENOTEMPTY", path);
    directory.entries.delete(name);
    this.used -= NODE_SIZE;
    touch(directory);
  }

  removeFile(path: string): void {
    const { directory, name } = this.place(path);
    const node = this.find(path);
    if (node.type === "directory") throw new FileError("EISDIR", path);
    directory.entries.delete(name);
    this.unlist(node);
    touch(directory);
  }

  rename(from: string, to: string): void {
    const source = this.place(from);
    const target = this.place(to);
    const node = this.find(from);
    const replaced = target.directory.entries.get(target.name);
    if (replaced === node) return;
    if (node.type === "directory") {
      if (`${to}/`.startsWith(`${from}/`)) throw new FileError("EINVAL", to);
      if (replaced?.type === "file") throw new FileError("ENOTDIR", to);
      if (replaced !== undefined && replaced.entries.size > 0) throw new FileError("ENOTEMPTY", to);
      if (replaced !== undefined) this.used -= NODE_SIZE;
    } else {
      if (replaced?.type === "directory") throw new FileError("EISDIR", to);
      if (replaced !== undefined) this.unlist(replaced);
    }
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, node);
    touch(source.directory);
    touch(target.directory);
  }

  readLink(path: string): string {
    this.find(path);
    throw new FileError("EINVAL", path);
  }

  setTimes(path: string, times: FileTimes): void {
    setTimes(this.find(path), times);
  }

  private openNode(path: string, options: OpenOptions): FileNode {
    if (path === "") throw new FileError("EISDIR", path);
    const { directory, name } = this.place(path);
    const node = directory.entries.get(name);
    if (node === undefined) {
      if (!options.create) throw new FileError("ENOENT", path);
      this.reserve(NODE_SIZE, path);
      touch(directory);
      return this.newFile(directory, name);
    }
    if (options.create && options.exclusive) throw new FileError("EEXIST", path);
    if (node.type === "directory") throw new FileError("EISDIR", path);
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
        file.accessed = Date.now();
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

  private unlist(file: FileNode): void {
    file.listed = false;
    this.forget(file);
  }

  private forget(file: FileNode): void {
    if (file.listed || file.handles > 0) return;
    this.used -= file.size + NODE_SIZE;
    file.buffer = new Uint8Array(0);
    file.size = 0;
  }

  private find(path: string): Node {
    let node: Node = this.root;
    for (const name of path === "" ? [] : path.split("/")) {
      if (node.type !== "directory") throw new FileError("ENOTDIR", path);
      const next = node.entries.get(name);
      if (next === undefined) throw new FileError("ENOENT", path);
      node = next;
    }
    return node;
  }

  private directory(path: string): DirectoryNode {
    const node = this.find(path);
    if (node.type !== "directory") throw new FileError("ENOTDIR", path);
    return node;
  }

  /** The directory that lists a path, and the name there. */
  private place(path: string): { readonly directory: DirectoryNode; readonly name: string } {
    if (path === "") throw new FileError("EBUSY", path);
    const slash = path.lastIndexOf("/");
    return {
      directory: this.directory(path.slice(0, Math.max(0, slash))),
      name: path.slice(slash + 1),
    };
  }

  private newDirectory(): DirectoryNode {
    const now = Date.now();
    return {
      type: "directory",
      inode: ++this.lastInode,
      entries: new Map(),
      accessed: now,
      modified: now,
      changed: now,
    };
  }

  private newFile(directory: DirectoryNode, name: string): FileNode {
    const now = Date.now();
    const file: FileNode = {
      type: "file",
      inode: ++this.lastInode,
      buffer: new Uint8Array(0),
      size: 0,
      listed: true,
      handles: 0,
      accessed: now,
      modified: now,
      changed: now,
    };
    directory.entries.set(name, file);
    return file;
  }
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function touch(node: Times): void {
  node.modified = node.changed = Date.now();
}

function setTimes(node: Times, { accessed, modified }: FileTimes): void {
  node.accessed = accessed ?? node.accessed;
  node.modified = modified ?? node.modified;
  node.changed = Date.now();
}

function statOf(node: Node): FileStat {
  const { type, inode, accessed, modified, changed } = node;
  const size = node.type === "file" ? node.size : 0;
  return { type, size, accessed, modified, changed, inode, links: 1 };
}
