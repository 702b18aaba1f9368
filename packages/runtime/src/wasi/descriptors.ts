import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileSystem,
} from "../files/file-system.js";
import { posixFiles, type PosixFiles } from "../files/posix-files.js";
import type { Output } from "./output.js";
import { DIRECTORY_RIGHTS, FILE_RIGHTS, INHERITED_RIGHTS, RIGHT } from "./rights.js";

/** What a descriptor of the plugin stands for. */
export type Descriptor = StreamDescriptor | FileDescriptor | DirectoryDescriptor;

/** Rights that the plugin gave up. */
interface GivenUp {
  givenUp: bigint;
}

export interface StreamDescriptor extends GivenUp {
  readonly kind: "stream";
  /** undefined: stdin, which is empty. */
  readonly output: Output | undefined;
}

/** A file system of the plugin. */
export interface Mount {
  readonly files: PosixFiles;
  /** Tells file systems apart, from 1. */
  readonly device: number;
}

export interface FileDescriptor extends Mount, GivenUp {
  readonly kind: "file";
  readonly handle: FileHandle;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Of `fd_fdstat_get`. */
  flags: number;
  position: number;
}

export interface DirectoryDescriptor extends Mount, GivenUp {
  readonly kind: "directory";
  /** Plain path from the root of the file system. */
  readonly path: string;
  /** Where the plugin sees the root of a file system; undefined for what it opened itself. */
  readonly mount: string | undefined;
  /** What `fd_readdir` answers, in parts, as it was when the first part was asked for. */
  listing: readonly DirectoryEntry[] | undefined;
  /** Of what is opened in it. */
  givenUpInheriting: bigint;
}

/** The standard streams, and the roots of the file systems. */
export function firstDescriptors(
  stdout: Output,
  stderr: Output,
  files: Readonly<Record<string, FileSystem>>,
): Descriptors {
  const stream = (output: Output | undefined): StreamDescriptor => ({
    kind: "stream",
    output,
    givenUp: 0n,
  });
  const systems = [...new Set(Object.values(files))];
  const roots = Object.entries(files).map(([mount, files]): DirectoryDescriptor => {
    const device = systems.indexOf(files) + 1;
    return openDirectory({ files: posixFiles(files), device }, "", mount);
  });
  return new Descriptors([stream(undefined), stream(stdout), stream(stderr), ...roots]);
}

/** A descriptor of a directory, with all rights. */
export function openDirectory(
  { files, device }: Mount,
  path: string,
  mount?: string,
): DirectoryDescriptor {
  const rights = { givenUp: 0n, givenUpInheriting: 0n };
  return { kind: "directory", files, device, path, mount, listing: undefined, ...rights };
}

/** What may be done with a descriptor. */
export function rightsOf(descriptor: Descriptor): bigint {
  return rightsOfKind(descriptor) & ~descriptor.givenUp;
}

function rightsOfKind(descriptor: Descriptor): bigint {
  switch (descriptor.kind) {
    case "stream":
      return (
        RIGHT.POLL_FD_READWRITE | (descriptor.output === undefined ? RIGHT.FD_READ : RIGHT.FD_WRITE)
      );
    case "file":
      return (
        FILE_RIGHTS |
        (descriptor.readable ? RIGHT.FD_READ : 0n) |
        (descriptor.writable ? RIGHT.FD_WRITE : 0n)
      );
    case "directory":
      return DIRECTORY_RIGHTS;
  }
}

/** What may be done with what is opened in a descriptor. */
export function inheritedRightsOf(descriptor: Descriptor): bigint {
  return descriptor.kind === "directory" ? INHERITED_RIGHTS & ~descriptor.givenUpInheriting : 0n;
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

  /**
   * @param right what is to be done with it; 0: nothing that needs one
   * @throws FileError EBADF; ENOTCAPABLE if the plugin gave up that right
   */
  need(fd: number, right = 0n): Descriptor {
    const found = this.get(fd);
    if (found === undefined) throw new FileError("EBADF", "");
    if ((found.givenUp & right) !== 0n) throw new FileError("ENOTCAPABLE", "");
    return found;
  }

  /** @throws FileError if it is no open file */
  file(fd: number, right = 0n): FileDescriptor {
    const found = this.need(fd, right);
    if (found.kind === "file") return found;
    throw new FileError(found.kind === "directory" ? "EISDIR" : "EBADF", "");
  }

  /** @throws FileError if it is no directory */
  directory(fd: number, right: bigint): DirectoryDescriptor {
    const found = this.need(fd, right);
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
