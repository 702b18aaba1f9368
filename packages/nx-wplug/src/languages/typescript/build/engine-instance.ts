import type { EngineMemory } from "../link/link-plugin";
import {
  type WasmImports,
  type WasmMemory,
  type WasmModule,
  WebAssembly,
} from "../../../wasm/web-assembly";

/** What the plugin threw, or why it can't be run while it is built. */
export class EngineError extends Error {
  override name = "EngineError";
}

/** @see tools/typescript-engine/engine.c */
interface EngineExports {
  readonly memory: WasmMemory;
  _initialize(): void;
  malloc(size: number): number;
  free(address: number): void;
  dispatch(rpc: number, address: number, size: number): bigint;
  build_begin(): void;
  build_compile(name: number, text: number, size: number): bigint;
  build_load(code: number, size: number, later: number): bigint;
  build_end(needs: number): number;
}

/** Bit 31 of a result: what lies there is the text of an error. */
const ERROR_BIT = 0x8000_0000n;
const ADDRESS_SHIFT = 32n;
const SIZE_MASK = 0x7fff_ffffn;

/** At most so many functions are left out: `left_out` of the engine. */
const LEFT_OUT = 4;

/** https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno */
const ENOSYS = 52;

/** The engine, on the machine where a plugin is built. */
export class EngineInstance {
  private constructor(private readonly engine: EngineExports) {}

  /** @param written where lines are added that JavaScript writes */
  static async start(module: WasmModule, written: string[]): Promise<EngineInstance> {
    const started: { memory?: WasmMemory } = {};
    const instance = await WebAssembly.instantiate(
      module,
      importsOf(module, () => started.memory, written),
    );
    const engine = instance.exports as unknown as EngineExports;
    started.memory = engine.memory;
    engine._initialize();
    engine.build_begin();
    return new EngineInstance(engine);
  }

  /** The bytecode of a module. */
  compile(name: string, text: string): Uint8Array {
    return this.withBytes(encode(`${name}\0`), (nameAt) =>
      this.withBytes(encode(`${text}\0`), (textAt, size) =>
        this.take(() => this.engine.build_compile(nameAt, textAt, size - 1)),
      ),
    );
  }

  /** Runs a module. */
  load(code: Uint8Array): void {
    this.read(code, 0);
  }

  /** Has a module run when the plugin starts. */
  loadAtStart(code: Uint8Array): void {
    this.read(code, 1);
  }

  private read(code: Uint8Array, later: number): void {
    this.withBytes(code, (address, size) => {
      this.take(() => this.engine.build_load(address, size, later));
    });
  }

  /** Calls an rpc with an empty request. */
  call(rpc: number): Uint8Array {
    return this.take(() => this.engine.dispatch(rpc, 0, 0));
  }

  /**
   * What a plugin begins with. The instance is of no use any more.
   *
   * @param needs parts of the engine that the plugin may reach: `neededUnicode`
   */
  takeMemory(needs: number): EngineMemory {
    const address = this.engine.build_end(needs);
    const { buffer } = this.engine.memory;
    const slots = new Uint32Array(buffer, address, LEFT_OUT);
    return { bytes: new Uint8Array(buffer), leftOutSlots: [...slots].filter((it) => it !== 0) };
  }

  private take(call: () => bigint): Uint8Array {
    let result: bigint;
    try {
      result = BigInt.asUintN(64, call());
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        throw new EngineError(`the engine stopped while the plugin was built: ${error.message}`);
      }
      throw error;
    }
    const address = Number(result >> ADDRESS_SHIFT);
    const bytes = new Uint8Array(this.engine.memory.buffer, address, Number(result & SIZE_MASK));
    if ((result & ERROR_BIT) !== 0n) throw new EngineError(new TextDecoder().decode(bytes));
    return bytes.slice();
  }

  private withBytes<T>(bytes: Uint8Array, use: (address: number, size: number) => T): T {
    const { engine } = this;
    const address = engine.malloc(bytes.length);
    new Uint8Array(engine.memory.buffer).set(bytes, address);
    const result = use(address, bytes.length);
    // What is free is part of the memory, too.
    new Uint8Array(engine.memory.buffer).fill(0, address, address + bytes.length);
    engine.free(address);
    return result;
  }
}

/**
 * A machine without files, whose clock stands still and whose random numbers are always the same: what depends on them is
 * different for each run of a plugin, and has no place in its module.
 */
function importsOf(
  module: WasmModule,
  memory: () => WasmMemory | undefined,
  written: string[],
): WasmImports {
  const bytes = () => new Uint8Array(memory()?.buffer ?? new ArrayBuffer(0));
  const view = () => new DataView(bytes().buffer);
  const known: Readonly<Record<string, (...args: never[]) => unknown>> = {
    clock_time_get: (_clock: number, _precision: bigint, result: number) => {
      view().setBigUint64(result, 0n, true);
      return 0;
    },
    random_get: (address: number, size: number) => {
      bytes().fill(1, address, address + size);
      return 0;
    },
    fd_write: (_file: number, vectors: number, count: number, result: number) => {
      let size = 0;
      for (let i = 0; i < count; i++) {
        const start = view().getUint32(vectors + 8 * i, true);
        const length = view().getUint32(vectors + 8 * i + 4, true);
        written.push(new TextDecoder().decode(bytes().subarray(start, start + length)));
        size += length;
      }
      view().setUint32(result, size, true);
      return 0;
    },
    proc_exit: (code: number) => {
      throw new EngineError(`it exits with code ${code} while it is built`);
    },
    host_call: () => {
      throw new EngineError("it calls a function of the host while it is built");
    },
  };
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = known[name] ?? (() => ENOSYS);
  }
  return imports;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
