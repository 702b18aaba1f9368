import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { PluginLoadError, PluginModule, type LoadOptions } from "../index.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { watOfToday } from "../testing/metered.js";
import { greeter, wat } from "../testing/wat.js";
import { limitMemory } from "./limit-memory.js";
import { readSource } from "./plugin-source.js";
import { wasmApi } from "./wasm-api.js";

const MIB = 1 << 20;

describe("limits.memory", () => {
  it("holds for memory and tables together", async () => {
    const module = await wat(`(module (memory 1) (table 10 externref) (table 20 funcref)
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "growTable") (param i32) (result i32)
        (table.grow 0 (ref.null extern) (local.get 0))))`);
    const limited = limitMemory("it", module, MIB);
    const { Module, Instance } = wasmApi();
    const { exports } = new Instance(new Module(limited), {});
    const { grow, growTable } = exports as Record<string, (by: number) => number>;
    let bytes = 65536 + 30 * 8;
    while (grow?.(1) !== -1) bytes += 65536;
    while (growTable?.(100) !== -1) bytes += 800;
    expect(bytes).toBeLessThanOrEqual(MIB);
    expect(bytes).toBeGreaterThan(MIB * 0.9);
  });

  it.each<LoadOptions>([{ isolation: "inline" }, { isolation: "worker" }])(
    "tells the size of all memories and tables, exported or not: %j",
    async ({ isolation }) => {
      const parts = (memory: string, grow: string): Promise<Uint8Array> =>
        watOfToday(
          greeter({
            more: `${memory} (table $t 10 externref)`,
            sayHello: `${grow} (drop (table.grow $t (ref.null extern) (i32.const 100))) (i64.const 0)`,
          }),
        );
      const two = await parts("(memory $more 2)", "(drop (memory.grow $more (i32.const 3)))");
      const isOfToday = await wasmApi()
        .compile(two)
        .then(
          () => true,
          () => false,
        ); // Node 20 has one memory.
      const bytes = isOfToday ? two : await parts("", "");
      const sizes = async (limits: LoadOptions["limits"]): Promise<number[]> => {
        await using plugin = await GreeterPlugin.load(bytes, { isolation, limits });
        const before = plugin.stats().memoryBytes;
        await plugin.sayHello({ name: "a" });
        return [before, plugin.stats().memoryBytes];
      };
      const pages: [number, number] = isOfToday ? [3, 6] : [1, 1];
      const all = [pages[0] * 65536 + 80, pages[1] * 65536 + 880];
      expect(await sizes({ memory: MIB })).toEqual(all);
      expect(await sizes({ memory: MIB, time: 10_000, fuel: MIB })).toEqual(all);
      // Without the limit there is nobody to ask.
      expect(await sizes({})).toEqual([65536, 65536]);
    },
  );

  it("refuses many tables, each of which is below it", async () => {
    const tables = (count: number, entries: number) =>
      wat(greeter({ more: `(table ${entries} funcref)`.repeat(count) }));
    const load = async (bytes: Uint8Array) =>
      GreeterPlugin.load(bytes, { limits: { memory: MIB } });
    await expect(load(await tables(65, 1))).rejects.toThrow(
      "limits.memory: the plugin has 1 memories and 65 tables; at most 64 of each can be limited",
    );
    await expect(load(await tables(20, 10_000))).rejects.toThrow(
      `the plugin needs ${65536 + 20 * 10_000 * 8} bytes for memory and tables to begin with`,
    );
  });

  it("refuses objects that are in no memory", () => {
    // (module (type (func (param (ref null 0)))) (type (struct))), of which only the first is a function.
    const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const types = [2, 0x60, 1, 0x63, 0, 0, 0x5f, 0];
    const module = Uint8Array.of(...header, 1, types.length, ...types);
    expect(() => limitMemory("it", module, MIB)).toThrow(
      new PluginLoadError(
        "limits.memory: it has objects of the engine's garbage collector (WasmGC), which no limit holds for",
      ),
    );
  });
});

it("bytes that change after they were looked at are not what is compiled", async () => {
  const bytes = await wat(greeter());
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes.slice())).toString("hex");
  const loading = PluginModule.compile(bytes, { sha256 });
  bytes.fill(0);
  const module = await loading;
  await using plugin = await GreeterPlugin.load(module, { sha256, limits: { memory: MIB } });
  expect((await plugin.sayHello({ name: "a" })).name).toBe("a");
});

describe("a plugin that comes over the network", () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let url: string;
  beforeAll(async () => {
    server = createServer((_, response) => answer(response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/plugin.wasm`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["no answer", () => {}],
    [
      "half of it",
      (response) => {
        response.writeHead(200, { "content-type": "application/wasm" });
        response.write(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
      },
    ],
  ])("may not let one wait: %s", async (_, given) => {
    answer = given;
    await expect(readSource(url, { idle: 100, size: MIB })).rejects.toThrow(
      new PluginLoadError(`can't read ${url}: nothing came for 100 ms`),
    );
  });

  it("may not be endless", async () => {
    answer = (response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65536)));
      };
      response.on("drain", more);
      more();
    };
    await expect(readSource(url, { idle: 1000, size: MIB })).rejects.toThrow(
      `${url} has more than ${MIB} bytes`,
    );
  });

  it("is read in parts", async () => {
    const module = await wat(greeter());
    answer = (response) => {
      response.writeHead(200, { "content-type": "application/wasm" });
      response.write(module.subarray(0, 100));
      setTimeout(() => response.end(module.subarray(100)), 20);
    };
    const { bytes } = await readSource(url);
    expect(Buffer.compare(bytes, module)).toBe(0);
  });
});
