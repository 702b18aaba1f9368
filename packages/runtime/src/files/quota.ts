import { fstatSync, lstatSync } from "node:fs";
import { FileError } from "./file-system.js";
import { keyOf } from "./host-stat.js";

/** What a new file, directory or link counts for beside its content, so that empty ones are not for free. */
const NODE_SIZE = 4096n;

interface OpenFile {
  handles: number;
  /** Whether no directory lists it any more: its bytes are free when the last handle is closed. */
  removed: boolean;
}

/**
 * How many bytes plugins may add to a directory of the host. What they remove counts in their favour, but only as far as the
 * directory was never larger than it was at first by more than the limit.
 */
export class Quota {
  private readonly limit: bigint | undefined;
  /** Less than 0 if more was removed than added. */
  private used = 0n;
  /** Only where there is a limit. */
  private readonly open = new Map<string, OpenFile>();

  /** @param limit bytes; undefined: any number */
  constructor(limit: number | undefined) {
    this.limit = limit === undefined ? undefined : BigInt(checked(limit));
  }

  /** Makes a file, directory or link that has `size` bytes beside itself. */
  adding<T>(size: bigint, path: string, add: () => T): T {
    return this.using(NODE_SIZE + size, path, add);
  }

  /** Writes to a file up to a position and returns the number of bytes. */
  growing(fd: number, end: number, path: string, write: () => number): number {
    if (this.limit === undefined) return write();
    const size = fstatSync(fd, { bigint: true }).size;
    const growth = BigInt(end) - size;
    if (growth <= 0n) return write();
    const written = this.using(growth, path, write);
    // Not all, maybe.
    this.used -= size + growth - fstatSync(fd, { bigint: true }).size;
    return written;
  }

  /** Gives a file another size. */
  resizing(fd: number, size: number, path: string, resize: () => void): void {
    if (this.limit === undefined) return resize();
    this.using(BigInt(size) - fstatSync(fd, { bigint: true }).size, path, resize);
  }

  /** Removes what is at a path of the host, or replaces it. */
  removing(target: string, remove: () => void): void {
    if (this.limit === undefined) return remove();
    const stat = lstatSync(target, { bigint: true });
    remove();
    this.used -= NODE_SIZE;
    if (stat.isDirectory() || stat.nlink > 1n) return;
    const open = this.open.get(keyOf(stat));
    if (open === undefined) this.used -= stat.size;
    else open.removed = true;
  }

  opened(fd: number): void {
    if (this.limit === undefined) return;
    const key = keyOf(fstatSync(fd, { bigint: true }));
    const open = this.open.get(key) ?? { handles: 0, removed: false };
    open.handles++;
    this.open.set(key, open);
  }

  closing(fd: number, close: () => void): void {
    if (this.limit === undefined) return close();
    const stat = fstatSync(fd, { bigint: true });
    close();
    const open = this.open.get(keyOf(stat));
    if (open === undefined || --open.handles > 0) return;
    this.open.delete(keyOf(stat));
    if (open.removed) this.used -= stat.size;
  }

  private using<T>(bytes: bigint, path: string, use: () => T): T {
    if (this.limit === undefined) return use();
    if (bytes > 0n && this.used + bytes > this.limit) throw new FileError("ENOSPC", path);
    const result = use();
    this.used += bytes;
    return result;
  }
}

function checked(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new RangeError(`quota must be a whole number of bytes, not ${limit}`);
}
