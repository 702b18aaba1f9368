import {
  FileError,
  type DirectoryEntry,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type OpenOptions,
} from "../files/file-system.js";
import { posixFiles, type PosixFiles } from "../files/posix-files.js";

/** What a file system in the other thread is asked to do. */
export interface FileQuestion {
  readonly of: "files";
  /** Where the plugin sees the file system. */
  readonly mount: string;
  /** An open file, if it is one of its methods. */
  readonly handle?: number;
  readonly method: string;
  /** Values that can be cloned. Answers are values that JSON can hold. */
  readonly parameters: readonly unknown[];
}

/** Asks the other thread; bytes go along. */
export type AskFiles = (
  question: FileQuestion,
  bytes?: Uint8Array,
) => { readonly value: unknown; readonly bytes: Uint8Array };

/** In the worker: a file system of the host's thread, which follows paths there. */
export class RemoteFiles implements PosixFiles {
  private readonly mount: string;
  readonly writable: boolean;
  private readonly askFiles: AskFiles;

  constructor(mount: string, writable: boolean, askFiles: AskFiles) {
    this.mount = mount;
    this.writable = writable;
    this.askFiles = askFiles;
  }

  open(path: string, options: OpenOptions, directory?: string): FileHandle {
    const handle = this.ask("open", path, options, directory) as number;
    const { mount, askFiles } = this;
    const ask = (method: string, parameters: readonly unknown[], bytes?: Uint8Array) =>
      askFiles({ of: "files", mount, handle, method, parameters }, bytes);
    return {
      stat: () => receivedStat(ask("stat", []).value),
      read(target, position) {
        const { bytes } = ask("read", [target.length, position]);
        target.set(bytes);
        return bytes.length;
      },
      write: (source, position) => ask("write", [position], source.slice()).value as number,
      resize: (size) => void ask("resize", [size]),
      setTimes: (times) => void ask("setTimes", [times]),
      sync: () => void ask("sync", []),
      close: () => void ask("close", []),
    };
  }

  stat(path: string, follow: boolean, directory?: string): FileStat {
    return receivedStat(this.ask("stat", path, follow, directory));
  }

  readDirectory(path: string, directory?: string): readonly DirectoryEntry[] {
    return this.ask("readDirectory", path, directory) as readonly DirectoryEntry[];
  }

  createDirectory(path: string, directory?: string): void {
    this.ask("createDirectory", path, directory);
  }

  removeDirectory(path: string, directory?: string): void {
    this.ask("removeDirectory", path, directory);
  }

  removeFile(path: string, directory?: string): void {
    this.ask("removeFile", path, directory);
  }

  rename(from: string, to: string, fromDirectory?: string, toDirectory?: string): void {
    this.ask("rename", from, to, fromDirectory, toDirectory);
  }

  readLink(path: string, directory?: string): string {
    return this.ask("readLink", path, directory) as string;
  }

  setTimes(path: string, times: FileTimes, follow: boolean, directory?: string): void {
    this.ask("setTimes", path, times, follow, directory);
  }

  createSymbolicLink(target: string, path: string, directory?: string): void {
    this.ask("createSymbolicLink", target, path, directory);
  }

  createHardLink(
    from: string,
    to: string,
    follow: boolean,
    fromDirectory?: string,
    toDirectory?: string,
  ): void {
    this.ask("createHardLink", from, to, follow, fromDirectory, toDirectory);
  }

  resolve(path: string, follow: boolean, directory?: string): string {
    return this.ask("resolve", path, follow, directory) as string;
  }

  private ask(method: keyof FileSystem, ...parameters: readonly unknown[]): unknown {
    return this.askFiles({ of: "files", mount: this.mount, method, parameters }).value;
  }
}

/** In the host's thread: the open files of a worker. */
export class SharedFiles {
  private readonly files: Readonly<Record<string, FileSystem>>;
  private readonly handles = new Map<number, FileHandle>();
  private lastHandle = 0;

  constructor(files: Readonly<Record<string, FileSystem>>) {
    this.files = files;
  }

  answer(
    { mount, handle, method, parameters }: FileQuestion,
    bytes: Uint8Array,
  ): { readonly value?: unknown; readonly bytes?: Uint8Array } {
    if (handle !== undefined) return this.answerHandle(handle, method, parameters, bytes);
    const files = this.files[mount];
    if (files === undefined) throw new Error("there is no such file system");
    const posix = posixFiles(files);
    if (method === "open") {
      const opened = ++this.lastHandle;
      this.handles.set(opened, posix.open(...(parameters as Parameters<PosixFiles["open"]>)));
      return { value: opened };
    }
    if (method === "stat") {
      return { value: sentStat(posix.stat(...(parameters as Parameters<PosixFiles["stat"]>))) };
    }
    const methods = posix as unknown as Record<string, (...parameters: unknown[]) => unknown>;
    // Only links can be missing.
    if (methods[method] === undefined) throw new FileError("ENOTSUP", "");
    return { value: methods[method](...parameters) };
  }

  /** The worker is gone. */
  closeAll(): void {
    for (const handle of this.handles.values()) {
      try {
        handle.close();
      } catch {
        // Nobody is left who could do something about it.
      }
    }
    this.handles.clear();
  }

  private answerHandle(
    id: number,
    method: string,
    parameters: readonly unknown[],
    bytes: Uint8Array,
  ): { readonly value?: unknown; readonly bytes?: Uint8Array } {
    const handle = this.handles.get(id);
    if (handle === undefined) throw new Error("there is no such file");
    switch (method) {
      case "stat":
        return { value: sentStat(handle.stat()) };
      case "read": {
        const [length, position] = parameters as [number, number];
        const target = new Uint8Array(length);
        return { bytes: target.subarray(0, handle.read(target, position)) };
      }
      case "write":
        return { value: handle.write(bytes, parameters[0] as number) };
      case "resize":
        handle.resize(parameters[0] as number);
        return {};
      case "setTimes":
        handle.setTimes(parameters[0] as FileTimes);
        return {};
      case "sync":
        handle.sync();
        return {};
      default:
        this.handles.delete(id);
        handle.close();
        return {};
    }
  }
}

/** JSON has no bigints. */
function sentStat({ nanoseconds, ...stat }: FileStat): unknown {
  if (nanoseconds === undefined) return stat;
  const { accessed, modified, changed } = nanoseconds;
  return { ...stat, nanoseconds: [accessed, modified, changed].map(String) };
}

function receivedStat(value: unknown): FileStat {
  const { nanoseconds, ...stat } = value as Omit<FileStat, "nanoseconds"> & {
    readonly nanoseconds?: readonly [string, string, string];
  };
  if (nanoseconds === undefined) return stat;
  const [accessed, modified, changed] = nanoseconds;
  return {
    ...stat,
    nanoseconds: {
      accessed: BigInt(accessed),
      modified: BigInt(modified),
      changed: BigInt(changed),
    },
  };
}
