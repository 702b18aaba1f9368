import { FileError } from "../files/file-system.js";
import { concat } from "../messages/wire/concat.js";
import { GuestFault, type GuestMemory } from "../memory/guest-memory.js";

/** Size of a record in bytes: pointer and length. */
const IOVEC = 8;
/** Most pieces, as on Linux. */
const IOV_MAX = 1024;

/**
 * The pieces of a scattered buffer, not copied. Pieces beyond the size of the memory are left out, which callers know as
 * a short read or write: they can only be the same bytes many times, to make the host run out of memory.
 *
 * @throws FileError EINVAL if there are too many
 */
export function pieces(memory: GuestMemory, pointer: number, count: number): Uint8Array[] {
  if (count >>> 0 > IOV_MAX) throw new FileError("EINVAL", "");
  if (!memory.has(pointer, (count >>> 0) * IOVEC)) throw new GuestFault();
  const all: Uint8Array[] = [];
  let size = 0;
  for (let i = 0; i < count >>> 0; i++) {
    const at = (pointer >>> 0) + i * IOVEC;
    const piece = memory.slice(memory.uint32(at), memory.uint32(at + 4));
    size += piece.length;
    if (size > memory.bytes.length) break;
    if (piece.length > 0) all.push(piece);
  }
  return all;
}

/** One copy of all pieces. */
export function gather(memory: GuestMemory, pointer: number, count: number): Uint8Array {
  return concat(pieces(memory, pointer, count));
}
