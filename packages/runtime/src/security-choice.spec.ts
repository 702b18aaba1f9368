import { PluginModule, type LoadOptions } from "./index.js";
import { GreeterPlugin } from "./testing/greeter-client.js";
import { call, expectError, FOREVER, turnsDuring, use } from "./testing/greeters.js";
import { columnsOf, itemsOf, linesOf, notesOf, pageSays, rowsOf } from "./testing/security-page.js";
import { greeter, wat } from "./testing/wat.js";
import { wasmApi } from "./module/wasm-api.js";

/**
 * What docs/security.md says where a host chooses: each line of the table of figures has a test of its name, of what the figures
 * mean on whatever machine; each line of the table of others has the line above that says what our column does.
 */
const CHOICE = "In the host's thread, or in a worker?";
const OTHERS = "Others beside it";
const MIB = 1 << 20;

const PLAIN: LoadOptions = { isolation: "inline" };
const METERED: LoadOptions = { isolation: "inline", limits: { time: 60_000 } };
const WORKER: LoadOptions = { isolation: "worker" };

/** The shortest time that something takes, of several tries: others use the processor as well. In milliseconds. */
async function shortest(run: () => Promise<unknown>, tries = 7): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const start = performance.now();
    await run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const choice: Readonly<Record<string, () => Promise<void>>> = {
  "loading it": async () => {
    const bytes = await wat(greeter({}));
    const load = (options: LoadOptions): Promise<number> =>
      shortest(async () => (await GreeterPlugin.load(bytes, options)).dispose());
    const worker = await load(WORKER);
    expect(await load(PLAIN)).toBeLessThan(worker);
    expect(await load(METERED)).toBeLessThan(worker);
  },
  "a call that returns a Promise": async () => {
    const calls = (options: LoadOptions): Promise<number> =>
      use({}, options, (plugin) =>
        shortest(async () => {
          for (let i = 0; i < 200; i++) await plugin.sayHello({ name: "a" });
        }),
      );
    const worker = await calls(WORKER);
    expect(await calls(PLAIN)).toBeLessThan(worker);
    expect(await calls(METERED)).toBeLessThan(worker);
  },
  "a call of `sync`": async () => {
    const sync = (options: LoadOptions): Promise<unknown> =>
      use({}, options, async (plugin) => plugin.sync.sayHello({ name: "a" }));
    await expect(sync(PLAIN)).resolves.toBeDefined();
    await expect(sync(METERED)).resolves.toBeDefined();
    await expect(sync({ isolation: "inline", limits: { fuel: MIB } })).resolves.toBeDefined();
    await expect(sync(WORKER)).rejects.toThrow("the plugin runs in a worker");
  },
  "what it computes": async () => {
    const counts = {
      sayHello: `(local $i i32)
        (loop $again (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20000000))))
        (i64.const 0)`,
    };
    const compute = (options: LoadOptions): Promise<number> =>
      use(counts, options, (plugin) => shortest(() => plugin.sayHello({ name: "a" })));
    const plain = await compute(PLAIN);
    // An empty loop is the worst case. Far from what is measured, so that a busy machine does not matter.
    expect(await compute(METERED)).toBeLessThan(plain * 10);
    expect(await compute(WORKER)).toBeLessThan(plain * 10);
  },
  "from the time limit until the error comes": async () => {
    for (const isolation of ["inline", "worker"] as const) {
      const options = { isolation, limits: { time: 50 } };
      const run = (): Promise<void> =>
        use({ sayHello: FOREVER }, options, async (plugin) => {
          const start = performance.now();
          await expect(plugin.sayHello({})).rejects.toMatchObject({ name: "PluginTimeoutError" });
          late.push(performance.now() - start - 50);
        });
      const late: number[] = [];
      for (let i = 0; i < 5; i++) await run();
      expect(Math.min(...late)).toBeGreaterThan(-1);
      expect(Math.min(...late)).toBeLessThan(50);
    }
  },
  "a `WebAssembly.Module` as the source": async () => {
    const source = await wasmApi().compile((await wat(greeter({}))) as Uint8Array<ArrayBuffer>);
    for (const options of [PLAIN, WORKER]) {
      await using plugin = await GreeterPlugin.load(source, options);
      await plugin.sayHello({ name: "a" });
    }
    await expect(GreeterPlugin.load(source, METERED)).rejects.toThrow("bytes");
    const compiled = await PluginModule.compile(await wat(greeter({})));
    await expect((await GreeterPlugin.load(compiled, PLAIN)).dispose()).resolves.toBeUndefined();
  },
  "the host's thread meanwhile": async () => {
    const turns = (isolation: "inline" | "worker"): Promise<number> => {
      const options = { isolation, limits: { time: 200 } };
      return use({ sayHello: FOREVER }, options, (plugin) =>
        turnsDuring(() => plugin.sayHello({ name: "a" })),
      );
    };
    expect(await turns("inline")).toBeLessThan(5);
    expect(await turns("worker")).toBeGreaterThan(10);
  },
};

/** Our column: the line above that says it, which has a test unless it is not promised. */
const promisedBy: Readonly<Record<string, string>> = {
  isolation: "reads and writes no memory but its own",
  "a plugin that computes for ever": "a call or a start that does not end is ended",
  "deterministic limit": "what a call computes is limited, the same on every machine",
  memory: "memory and tables stay below `limits.memory`",
  "what a message makes in the host":
    "objects made of answers and requests stay below `limits.decoded`",
  "denial of service while compiling": "The work of a start",
  "side channels": "Side channels",
  pinning: "what `sha256` names is what runs",
};

describe("in the host's thread, or in a worker:", () => {
  it.each(Object.entries(choice))("%s", (_, test) => test());

  it("has a line for each of these tests", () => {
    expect(linesOf(CHOICE)).toEqual(Object.keys(choice));
  });

  it("within `limits.fuel` once is within it always, in either thread", async () => {
    expect(pageSays("a call that is within it once is within it always")).toBe(true);
    const fuelOf = (isolation: "inline" | "worker", fuel: number): Promise<number> =>
      use({}, { isolation, limits: { fuel } }, async (plugin) => {
        await plugin.sayHello({ name: "a" });
        return plugin.stats().fuel;
      });
    const used = await fuelOf("inline", MIB);
    expect(await fuelOf("worker", MIB)).toBe(used);
    expect(await fuelOf("inline", used)).toBe(used);
    const tooLittle = { isolation: "worker", limits: { fuel: 1 } } as const;
    await expectError({ sayHello: FOREVER }, tooLittle, "PluginLimitError", "(limits.fuel)");
  });
});

describe("others beside it:", () => {
  it("terminals: escape sequences in output are passed on", async () => {
    const cells = rowsOf(OTHERS).find(([line]) => line?.startsWith("terminals"));
    expect(cells?.[1]).toBe("passed on");
    const written: number[] = [];
    const red = {
      imports: `(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`,
      more: `(data (i32.const 100) "\\78\\00\\00\\00\\05\\00\\00\\00") (data (i32.const 120) "\\1b[31m")`,
      sayHello: `(drop (call $write (i32.const 1) (i32.const 100) (i32.const 1) (i32.const 200))) (i64.const 0)`,
    };
    const stdout = { write: (bytes: Uint8Array) => void written.push(...bytes) };
    await call(red, { isolation: "inline", stdout });
    expect(Buffer.from(written).toString()).toBe("\u001b[31m");
  });

  it("what our column says is said above, where it is tested or not promised", () => {
    const lines = linesOf(OTHERS).filter((line) => !line.startsWith("terminals"));
    expect(lines).toEqual(Object.keys(promisedBy));
    const said = [
      ...linesOf("What is promised where"),
      ...itemsOf("What is not promised at all"),
    ].map((line) => line.replace(/\.$/, ""));
    for (const line of Object.values(promisedBy)) expect(said).toContain(line);
  });

  it("what others promise has a source: a page for each column, and notes that are there", () => {
    const [, ours, ...others] = columnsOf(OTHERS);
    expect(ours).toBe("wplug");
    expect(others).toHaveLength(3);
    for (const column of others) expect(column).toMatch(/^\[[^\]]+\]\(https:\/\/[^)]+\)$/);
    const cells = rowsOf(OTHERS).flatMap((row) => row.slice(2));
    const notes = cells.flatMap((cell) =>
      Array.from(cell.matchAll(/ \[(\d+)\]/g), ([, number = ""]) => number),
    );
    expect(notes.sort()).toEqual(notesOf(OTHERS));
  });
});
