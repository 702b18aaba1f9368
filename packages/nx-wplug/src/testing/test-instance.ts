import { WebAssembly, type WasmModule } from "../wasm/web-assembly";

type Export = (...parameters: (number | bigint)[]) => number | bigint | undefined;

/** What a call answered. */
export type Answer = { readonly bytes: Uint8Array } | { readonly error: string };

/** A plugin instance with nothing between the test and the ABI, and just enough WASI for what tests use. */
export class TestInstance {
  /** Every write of the plugin: file descriptor and text. */
  readonly writes: string[] = [];
  readonly exports: Readonly<Record<string, unknown>>;
  private readonly memory: { readonly buffer: ArrayBuffer };

  constructor(module: WasmModule, { initialize = true } = {}) {
    this.exports = new WebAssembly.Instance(module, {
      wasi_snapshot_preview1: this.wasi(),
    }).exports;
    this.memory = this.exports["memory"] as { readonly buffer: ArrayBuffer };
    if (initialize) this.invoke("_initialize");
  }

  /** Size of the memory in pages of 64 KiB. */
  get pages(): number {
    return this.memory.buffer.byteLength / 65536;
  }

  invoke(name: string, ...parameters: (number | bigint)[]): number | bigint | undefined {
    return (this.exports[name] as Export)(...parameters);
  }

  /** Copies `bytes` into the plugin and returns their address. */
  put(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const address = Number(this.invoke("malloc", bytes.length)) >>> 0;
    new Uint8Array(this.memory.buffer).set(bytes, address);
    return address;
  }

  /** Calls an rpc as hosts do: the request is freed whatever happens. */
  call(name: string, request: Uint8Array): Answer {
    const address = this.put(request);
    try {
      return this.read(BigInt(this.invoke(name, address, request.length) ?? 0));
    } finally {
      if (address !== 0) this.invoke("free", address);
    }
  }

  /** What `address << 32 | size` stands for. */
  read(result: bigint): Answer {
    const address = Number((result >> 32n) & 0xffffffffn);
    const size = Number(result & 0x7fffffffn);
    const bytes = new Uint8Array(this.memory.buffer, address, size).slice();
    return (result & 0x80000000n) === 0n ? { bytes } : { error: text(bytes) };
  }

  private wasi(): Record<string, unknown> {
    const view = () => new DataView(this.memory.buffer);
    return {
      fd_write: (fd: number, iovs: number, count: number, written: number) => {
        let line = "";
        for (let i = 0; i < count; i++) {
          const address = view().getUint32(iovs + 8 * i, true);
          const size = view().getUint32(iovs + 8 * i + 4, true);
          line += text(new Uint8Array(this.memory.buffer, address, size));
          view().setUint32(written, size, true);
        }
        this.writes.push(`${fd}: ${line}`);
        return 0;
      },
      clock_time_get: (_clock: number, _precision: bigint, time: number) => {
        view().setBigUint64(time, 1_700_000_000_123_000_000n, true);
        return 0;
      },
      random_get: (address: number, size: number) => {
        new Uint8Array(this.memory.buffer, address, size).fill(7);
        return 0;
      },
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count, 1, true);
        view().setUint32(size, 11, true);
        return 0;
      },
      environ_get: (pointers: number, buffer: number) => {
        view().setUint32(pointers, buffer, true);
        new Uint8Array(this.memory.buffer).set(Buffer.from("NAME=wplug\0"), buffer);
        return 0;
      },
    };
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
