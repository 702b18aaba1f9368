import type { WasmMemory } from "../module/wasm-api.js";

/** A pointer of the plugin that does not lie in its memory. */
export class GuestFault extends Error {}

const NO_BYTES = new Uint8Array(0);
const NO_VIEW = new DataView(NO_BYTES.buffer);

/**
 * The memory of an instance, with every pointer checked. When the memory grows, the engine detaches the old buffer:
 * views of it have length 0 then, which costs less to see than to ask the memory for its buffer each time.
 */
export class GuestMemory {
  private memory: WasmMemory | undefined;
  private currentBytes = NO_BYTES;
  private currentView = NO_VIEW;

  attach(memory: WasmMemory): void {
    this.memory = memory;
  }

  /** All of the memory. Valid until the plugin runs again. */
  get bytes(): Uint8Array {
    if (this.currentBytes.length === 0) this.refresh();
    return this.currentBytes;
  }

  /**
   * Whether `length` bytes at `pointer` lie in memory. They are compared as doubles: a sum can't wrap around.
   */
  has(pointer: number, length: number): boolean {
    const end = (pointer >>> 0) + length;
    return end <= this.bytes.length || end <= this.grown();
  }

  /** `length` bytes at `pointer`, not copied. Both are taken as the unsigned numbers that wasm means. */
  slice(pointer: number, length: number): Uint8Array {
    pointer >>>= 0;
    length >>>= 0;
    if (!this.has(pointer, length)) throw new GuestFault();
    return this.bytes.subarray(pointer, pointer + length);
  }

  /** Lets go of the memory. */
  detach(): void {
    this.memory = undefined;
    this.currentBytes = NO_BYTES;
    this.currentView = NO_VIEW;
  }

  uint32(pointer: number): number {
    return this.view(pointer, 4).getUint32(pointer >>> 0, true);
  }

  setUint8(pointer: number, value: number): void {
    this.view(pointer, 1).setUint8(pointer >>> 0, value);
  }

  setUint16(pointer: number, value: number): void {
    this.view(pointer, 2).setUint16(pointer >>> 0, value, true);
  }

  setUint32(pointer: number, value: number): void {
    this.view(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  uint64(pointer: number): bigint {
    return this.view(pointer, 8).getBigUint64(pointer >>> 0, true);
  }

  setUint64(pointer: number, value: bigint): void {
    this.view(pointer, 8).setBigUint64(pointer >>> 0, value, true);
  }

  private view(pointer: number, length: number): DataView {
    if (!this.has(pointer, length)) throw new GuestFault();
    return this.currentView;
  }

  /** Size of the memory as it is now: the buffer of one that threads share is not detached when it grows. */
  private grown(): number {
    this.refresh();
    return this.currentBytes.length;
  }

  private refresh(): void {
    if (this.memory === undefined) return;
    this.currentBytes = new Uint8Array(this.memory.buffer);
    this.currentView = new DataView(this.memory.buffer);
  }
}
