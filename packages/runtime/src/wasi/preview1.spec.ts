import type { FileSystem } from "../files/file-system.js";
import { MemoryFiles } from "../files/memory-files.js";
import { HostFunctionError } from "../index.js";
import { GuestMemory } from "../memory/guest-memory.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { FD_WRITE, WRITE, greeter, wat } from "../testing/wat.js";
import { firstDescriptors } from "./descriptors.js";
import { ERRNO } from "./errno.js";
import { ExitSignal } from "./exit-signal.js";
import { createOutput } from "./output.js";
import { wasiImports } from "./preview1.js";
import { systemClock } from "./system-clock.js";
import type { WasiContext } from "./wasi-context.js";

const MEMORY_SIZE = 65536;

interface Setup {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly out: string[];
  call(name: string, ...parameters: (number | bigint)[]): number;
}

function setup(
  context: Partial<WasiContext> = {},
  files: Readonly<Record<string, FileSystem>> = {},
): Setup {
  const buffer = new ArrayBuffer(MEMORY_SIZE);
  const memory = new GuestMemory();
  memory.attach({ buffer });
  const out: string[] = [];
  const output = (name: "stdout" | "stderr") =>
    createOutput(name, (text) => out.push(`${name}: ${text}`), { write() {} });
  const wasi: WasiContext = {
    memory,
    args: [],
    env: {},
    descriptors: firstDescriptors(output("stdout"), output("stderr"), files),
    clock: systemClock,
    fillRandom: (bytes) => void crypto.getRandomValues(bytes),
    ...context,
  };
  return {
    bytes: new Uint8Array(buffer),
    view: new DataView(buffer),
    out,
    call(name, ...parameters) {
      const implementation = wasiImports(wasi, [name])[name] as (...p: unknown[]) => number;
      return implementation(...parameters);
    },
  };
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

describe("WASI", () => {
  it.each([
    ["args", { args: ["plugin", "--naïve"] }, "plugin\0--naïve\0"],
    ["environ", { env: { A: "1", Ä: "=" } }, "A=1\0Ä==\0"],
  ])("%s are what the options say", (area, context, all) => {
    const { view, bytes, call } = setup(context);
    const size = new TextEncoder().encode(all).length;
    expect(call(`${area}_sizes_get`, 0, 4)).toBe(ERRNO.SUCCESS);
    expect([view.getUint32(0, true), view.getUint32(4, true)]).toEqual([2, size]);
    expect(call(`${area}_get`, 16, 100)).toBe(ERRNO.SUCCESS);
    expect(text(bytes, 100, 100 + size)).toBe(all);
    expect(view.getUint32(16, true)).toBe(100);
    expect(bytes[view.getUint32(20, true) - 1]).toBe(0);
    expect(call(`${area}_get`, MEMORY_SIZE - 4, 100)).toBe(ERRNO.FAULT);
  });

  it("are nothing unless the options say so", () => {
    const { view, call } = setup();
    view.setUint32(0, 7, true);
    for (const area of ["args", "environ"]) {
      expect(call(`${area}_sizes_get`, 0, 4)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(0, true)).toBe(0);
    }
  });

  it("tells the time", () => {
    const { view, call } = setup();
    expect(call("clock_time_get", 0, 1n, 8)).toBe(ERRNO.SUCCESS);
    expect(Math.abs(Number(view.getBigUint64(8, true) / 1_000_000n) - Date.now())).toBeLessThan(
      2000,
    );
    expect(call("clock_time_get", 1, 1n, 8)).toBe(ERRNO.SUCCESS);
    const before = view.getBigUint64(8, true);
    call("clock_time_get", 1, 1n, 8);
    expect(view.getBigUint64(8, true)).toBeGreaterThanOrEqual(before);
    expect(call("clock_res_get", 1, 8)).toBe(ERRNO.SUCCESS);
    expect(call("clock_time_get", 3, 1n, 8)).toBe(ERRNO.INVAL);
    expect(call("clock_time_get", 0, 1n, MEMORY_SIZE - 7)).toBe(ERRNO.FAULT);
  });

  it("gives random bytes within memory only", () => {
    const { bytes, call } = setup();
    expect(call("random_get", 8, 64)).toBe(ERRNO.SUCCESS);
    expect(new Set(bytes.subarray(8, 72)).size).toBeGreaterThan(16);
    expect(bytes[72]).toBe(0);
    expect(call("random_get", -1, 2)).toBe(ERRNO.FAULT);
    expect(call("random_get", 0, -1)).toBe(ERRNO.FAULT);
  });

  describe("fd_write", () => {
    function iovecs(view: DataView, ...pieces: [number, number][]): void {
      pieces.forEach(([pointer, length], i) => {
        view.setUint32(i * 8, pointer, true);
        view.setUint32(i * 8 + 4, length, true);
      });
    }

    it("writes all pieces at once to stdout or stderr", () => {
      const { view, bytes, out, call } = setup();
      bytes.set(new TextEncoder().encode("Hello, world"), 100);
      iovecs(view, [107, 5], [100, 5]);
      expect(call("fd_write", 1, 0, 2, 64)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(64, true)).toBe(10);
      expect(call("fd_write", 2, 8, 1, 64)).toBe(ERRNO.SUCCESS);
      expect(out).toEqual(["stdout: worldHello", "stderr: Hello"]);
    });

    it("keeps characters whole that come in halves", () => {
      const { view, bytes, out, call } = setup();
      bytes.set(new TextEncoder().encode("a😀b"), 100);
      iovecs(view, [100, 3], [103, 3]);
      call("fd_write", 1, 0, 1, 64);
      call("fd_write", 1, 8, 1, 64);
      expect(out).toEqual(["stdout: a", "stdout: 😀b"]);
    });

    it("refuses other descriptors and bad pointers", () => {
      const { view, call, out } = setup();
      iovecs(view, [100, 3], [MEMORY_SIZE, 1]);
      for (const fd of [0, 3, -1]) expect(call("fd_write", fd, 0, 1, 64)).toBe(ERRNO.BADF);
      expect(call("fd_write", 1, 0, 2, 64)).toBe(ERRNO.FAULT);
      expect(call("fd_write", 1, MEMORY_SIZE - 8, 2, 64)).toBe(ERRNO.FAULT);
      expect(call("fd_write", 1, 0, 1, MEMORY_SIZE - 1)).toBe(ERRNO.FAULT);
      expect(out).toEqual([]);
    });

    it("takes 1,024 pieces and no more", () => {
      const { view, call } = setup();
      for (let i = 0; i < 1025; i++) iovecs(new DataView(view.buffer, i * 8), [0, 1]);
      expect(call("fd_write", 1, 0, 1024, 9000)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(9000, true)).toBe(1024);
      for (const count of [1025, 0x20000000, -1]) {
        expect(call("fd_write", 1, 0, count, 9000)).toBe(ERRNO.INVAL);
      }
    });

    it("writes no more than the memory holds, however often it is listed", () => {
      const { view, call } = setup();
      for (let i = 0; i < 1000; i++) iovecs(new DataView(view.buffer, i * 8), [0, 40_000]);
      expect(call("fd_write", 1, 0, 1000, 9000)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(9000, true)).toBe(40_000);
    });
  });

  it("stdin is empty", () => {
    const { view, call } = setup();
    view.setUint32(64, 7, true);
    expect(call("fd_read", 0, 0, 1, 64)).toBe(ERRNO.SUCCESS);
    expect(view.getUint32(64, true)).toBe(0);
    expect(call("fd_read", 3, 0, 1, 64)).toBe(ERRNO.BADF);
  });

  it("knows the standard streams as character devices, and no other descriptor", () => {
    const { bytes, call } = setup();
    for (const fd of [0, 1, 2]) {
      bytes.fill(0xff, 0, 128);
      expect(call("fd_fdstat_get", fd, 0)).toBe(ERRNO.SUCCESS);
      expect(bytes[0]).toBe(2);
      expect(bytes[24]).toBe(0xff);
      expect(call("fd_filestat_get", fd, 0)).toBe(ERRNO.SUCCESS);
      expect(bytes[16]).toBe(2);
      expect(call("fd_fdstat_set_flags", fd, 4)).toBe(ERRNO.SUCCESS);
      expect(call("fd_seek", fd, 0n, 0, 0)).toBe(ERRNO.SPIPE);
    }
    for (const name of [
      "fd_fdstat_get",
      "fd_filestat_get",
      "fd_close",
      "fd_prestat_get",
      "fd_seek",
    ]) {
      expect(call(name, 3, 0)).toBe(ERRNO.BADF);
    }
  });

  it("knows no sockets, whatever the descriptor", () => {
    const { call } = setup({}, { "/": new MemoryFiles() });
    for (const name of ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"]) {
      for (const fd of [0, 1, 2, 3]) expect(call(name, fd, 0)).toBe(ERRNO.NOTSOCK);
      for (const fd of [4, -1]) expect(call(name, fd, 0)).toBe(ERRNO.BADF);
    }
  });

  it("answers ENOSYS for what it never heard of", () => {
    const { call } = setup();
    for (const name of ["proc_raise", "toString"]) {
      expect(call(name, 0, 0)).toBe(ERRNO.NOSYS);
    }
  });

  describe("poll_oneoff", () => {
    function subscribeClock(
      view: DataView,
      at: number,
      id: number,
      timeout: bigint,
      flags = 0,
    ): void {
      view.setBigUint64(at, 7n, true);
      view.setUint8(at + 8, 0);
      view.setUint32(at + 16, id, true);
      view.setBigUint64(at + 24, timeout, true);
      view.setUint16(at + 40, flags, true);
    }

    it("sleeps until the first timeout, and uses no processor meanwhile", () => {
      const { view, call } = setup();
      subscribeClock(view, 0, 1, 60_000_000_000n);
      subscribeClock(view, 48, 1, 200_000_000n);
      view.setBigUint64(48, 9n, true);
      const start = performance.now();
      const before = process.cpuUsage();
      expect(call("poll_oneoff", 0, 1000, 2, 2000)).toBe(ERRNO.SUCCESS);
      const { user, system } = process.cpuUsage(before);
      expect(performance.now() - start).toBeGreaterThan(195);
      expect((user + system) / 1000).toBeLessThan(100);
      expect(view.getUint32(2000, true)).toBe(1);
      expect(view.getBigUint64(1000, true)).toBe(9n);
      expect(view.getUint16(1008, true)).toBe(ERRNO.SUCCESS);
    });

    it("doesn't sleep until a time that is past", () => {
      const { view, call } = setup();
      subscribeClock(view, 0, 0, 1n, 1);
      expect(call("poll_oneoff", 0, 1000, 1, 2000)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(2000, true)).toBe(1);
    });

    it("finds streams ready, and says which descriptors and clocks don't exist", () => {
      const { view, call } = setup();
      view.setUint8(8, 2);
      view.setUint32(16, 1, true);
      view.setUint8(48 + 8, 1);
      view.setUint32(48 + 16, 5, true);
      subscribeClock(view, 96, 9, 1n);
      expect(call("poll_oneoff", 0, 1000, 3, 2000)).toBe(ERRNO.SUCCESS);
      expect(view.getUint32(2000, true)).toBe(3);
      const errnos = [0, 1, 2].map((i) => view.getUint16(1000 + i * 32 + 8, true));
      expect(errnos).toEqual([ERRNO.SUCCESS, ERRNO.BADF, ERRNO.INVAL]);
      expect(view.getUint8(1010)).toBe(2);
    });

    it("refuses no subscriptions, more than 4,096, and more than memory holds", () => {
      const { call } = setup();
      expect(call("poll_oneoff", 0, 1000, 0, 2000)).toBe(ERRNO.INVAL);
      expect(call("poll_oneoff", 0, 1000, 4096, 2000)).toBe(ERRNO.FAULT);
      expect(call("poll_oneoff", 0, 1000, 4097, 2000)).toBe(ERRNO.INVAL);
      expect(call("poll_oneoff", 0, 1000, -1, 2000)).toBe(ERRNO.INVAL);
    });
  });

  it("exits by leaving the plugin", () => {
    expect(() => setup().call("proc_exit", -1)).toThrow(new ExitSignal(0xffffffff));
  });

  it("yields", () => {
    expect(setup().call("sched_yield")).toBe(ERRNO.SUCCESS);
  });
});

describe("the output of a plugin", () => {
  const printing = greeter({
    imports: FD_WRITE,
    sayHello: `(call $write (i32.const 1) (local.get $ptr) (local.get $size)) (i64.const 0)`,
    more: WRITE,
  });
  // Field 1, 2 bytes: the message is "\n\x02é".
  const request = { name: "é" };
  const bytes = Uint8Array.of(10, 2, 0xc3, 0xa9);

  it("goes to the host's stdout by default", async () => {
    const write = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    const plugin = await GreeterPlugin.load(await wat(printing));
    plugin.sync.sayHello(request);
    const chunks = write.mock.calls.map(([chunk]) => chunk);
    write.mockRestore();
    expect(chunks).toEqual([bytes]);
  });

  it("goes to a callback, a stream of Node, a web stream, or nowhere", async () => {
    const module = await wat(printing);
    const texts: string[] = [];
    await (
      await GreeterPlugin.load(module, { stdout: (text) => texts.push(text) })
    ).sayHello(request);
    expect(texts).toEqual(["\n\x02é"]);

    const chunks: Uint8Array[] = [];
    const writable = { write: (chunk: Uint8Array) => chunks.push(chunk) };
    await (await GreeterPlugin.load(module, { stdout: writable })).sayHello(request);
    const stream = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    await (await GreeterPlugin.load(module, { stdout: stream })).sayHello(request);
    await stream.close();
    expect(chunks).toEqual([bytes, bytes]);

    await (await GreeterPlugin.load(module, { stdout: null })).sayHello(request);
  });

  it("is complete when the plugin is disposed", async () => {
    const texts: string[] = [];
    const half = printing.replace(
      "(local.get $ptr) (local.get $size)) (i64",
      "(local.get $ptr) (i32.const 3)) (i64",
    );
    const plugin = await GreeterPlugin.load(await wat(half), {
      stdout: (text) => texts.push(text),
    });
    plugin.sync.sayHello(request);
    await plugin.dispose();
    expect(texts).toEqual(["\n\x02", "\ufffd"]);
  });

  it("comes line by line if that is asked for, the last one when the plugin is disposed", async () => {
    const lines: string[] = [];
    const plugin = await GreeterPlugin.load(await wat(printing), {
      stdout: { line: (text) => void lines.push(text) },
    });
    // What the plugin prints is the request: a line feed, the length, the text.
    plugin.sync.sayHello({ name: "one\r\ntwo\né" });
    plugin.sync.sayHello({ name: "+" });
    expect(lines).toEqual(["", "\x0bone", "two", "é"]);
    await plugin.dispose();
    expect(lines.slice(4)).toEqual(["\x01+"]);
  });

  it("says so if it can't be taken", async () => {
    const stdout = (): void => {
      throw new Error("disk full");
    };
    const plugin = await GreeterPlugin.load(await wat(printing), { stdout });
    const call = plugin.sayHello(request);
    await expect(call).rejects.toBeInstanceOf(HostFunctionError);
    await expect(call).rejects.toThrow("the stdout of the load options failed: disk full");
  });
});
