// https://github.com/WebAssembly/WASI/blob/snapshot-01/phases/snapshot/docs.md#fd_write
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
declare function fd_write(fd: u32, iovs: usize, iovsLength: usize, written: usize): u32;

export const STDOUT: u32 = 1;
export const STDERR: u32 = 2;

// One iovec and, after it, where the number of bytes written goes.
const request = memory.data(12);

/** Writes `size` bytes at `from` with one fd_write, or more if the host takes fewer at a time. Allocates nothing. */
export function writeAll(fd: u32, from: usize, size: usize): void {
  while (size > 0) {
    store<u32>(request, <u32>from);
    store<u32>(request + 4, <u32>size);
    store<u32>(request + 8, 0);
    if (fd_write(fd, request, 1, request + 8) != 0) return;
    const written: usize = load<u32>(request + 8);
    // Nobody listens: there is no one to tell.
    if (written == 0 || written > size) return;
    from += written;
    size -= written;
  }
}
