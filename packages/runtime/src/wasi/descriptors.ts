import type { DirectoryEntry, FileHandle, FileSystem } from "../files/file-system.js";
import { FileError } from "../files/file-system.js";
import type { Output } from "./output.js";

/** What a descriptor of the plugin stands for. */
export type Descriptor = StreamDescriptor | FileDescriptor | DirectoryDescriptor;

export interface StreamDescriptor {
  readonly kind: "stream";
  /** undefined: stdin, which is empty. */
  readonly output: Output | undefined;
}

export interface FileDescriptor {
  readonly kind: "file";
  readonly handle: FileHandle;
  readonly readable: boolean;
  readonly writable: boolean;
  append: boolean;
  position: number;
}

export interface DirectoryDescriptor {
  readonly kind: "directory";
  readonly files: FileSystem;
  /** Path from the root of the file system. */
  readonly path: string;
  /** Where the plugin sees the root of a file system; undefined for what it opened itself. */
  readonly mount: string | undefined;
  /** What `fd_readdir` answers, in parts, as it was when the first part was asked for. */
  listing: readonly DirectoryEntry[] | undefined;
}

/** The standard streams, and the roots of the file systems. */
export function firstDescriptors(
  stdout: Output,
  stderr: Output,
  files: Readonly<Record<string, FileSystem>>,
): Descriptors {
  const stream = (output: Output | undefined): StreamDescriptor => ({ kind: "stream", output });
  const roots = Object.entries(files).map(([mount, files]): DirectoryDescriptor => {
    return { kind: "directory", files, path: "", mount, listing: undefined };
  });
  return new Descriptors([stream(undefined), stream(stdout), stream(stderr), ...roots]);
}

/** Most descriptors at a time. */
const MAX_OPEN = 1024;

/** Descriptors by number, as small as can be. */
export class Descriptors {
  private readonly all: (Descriptor | undefined)[];

  constructor(first: readonly Descriptor[]) {
    this.all = [...first];
  }

  get(fd: number): Descriptor | undefined {
    return this.all[fd >>> 0];
  }

  /** @throws FileError EBADF */
  need(fd: number): Descriptor {
    const found = this.get(fd);
    if (found === undefined) throw new FileError("EBADF", "");
    return found;
  }

  /** @throws FileError if it is no open file */
  file(fd: number): FileDescriptor {
    const found = this.need(fd);
    if (found.kind === "file") return found;
    throw new FileError(found.kind === "directory" ? "EISDIR" : "EBADF", "");
  }

  /** @throws FileError if it is no directory */
  directory(fd: number): DirectoryDescriptor {
    const found = this.need(fd);
    if (found.kind !== "directory") throw new FileError("ENOTDIR", "");
    return found;
  }

  /** @throws FileError if there are too many */
  add(descriptor: Descriptor): number {
    const free = this.all.indexOf(undefined);
    const fd = free < 0 ? this.all.length : free;
    if (fd >= MAX_OPEN) throw new FileError("EMFILE", "");
    this.all[fd] = descriptor;
    return fd;
  }

  /** Puts a descriptor in the place of another. */
  move(from: number, to: number): void {
    this.close(to);
    this.all[to >>> 0] = this.all[from >>> 0];
    this.all[from >>> 0] = undefined;
  }

  close(fd: number): void {
    const descriptor = this.get(fd);
    this.all[fd >>> 0] = undefined;
    if (descriptor?.kind === "file") descriptor.handle.close();
  }

  closeAll(): void {
    for (let fd = 0; fd < this.all.length; fd++) {
      try {
        this.close(fd);
      } catch {
        // Nobody is left who could do something about it.
      }
    }
  }
}
