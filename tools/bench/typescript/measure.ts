import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { BenchPlugin } from "./gen/host.js";
import { Color } from "./gen/index.js";
import { inTurn } from "./in-turn.mjs";
import { median } from "./median.mjs";
import { work } from "./work.js";

/** `measure.mjs SUBJECTS RESULTS`, both of JSON: paths by name, and what was measured. */
const [list = "", results = ""] = process.argv.slice(2);

const ROUNDS = 30;
const ROUND_MS = 30;
const LOADS = 15;

/** An instance, called as its callers do: messages in, messages out. */
interface Instance {
  greet(text: string): string;
  /** The changed field of text. */
  change(): string | undefined;
  work(text: string): string;
  /** Bytes of its memories. */
  memory(): number;
  dispose(): unknown;
}

interface Subject {
  readonly name: string;
  /** @param round undefined: of what has been compiled; otherwise of modules that no engine knows */
  load(round?: number): Promise<Instance>;
}

const point = { x: 1, y: 2 };
const COMMON = {
  double: 1.5,
  single: 2.5,
  int32: -3,
  int64: -4n,
  uint32: 5,
  uint64: 6n,
  flag: true,
  text: "a text of some length",
  raw: Uint8Array.from({ length: 16 }, (_, i) => i),
  point,
  maybe: 12,
  note: "a note",
  numbers: [1, 2, 3, 400, 50_000],
  texts: ["one", "two", "three"],
  points: [point, point],
};

const ORDERS = JSON.stringify(
  Array.from({ length: 100 }, (_, i) => ({
    mail: `customer${i}@shop-${i % 7}.example`,
    items: Array.from({ length: 1 + (i % 4) }, (_, k) => ({ price: 1.25 * (k + 1), count: i % 5 })),
  })),
);

function wplugSubject(name: string, path: string): Subject {
  const bytes = readFileSync(path);
  const compiled = new WebAssembly.Module(bytes);
  const all = {
    ...COMMON,
    color: Color.RED,
    choice: { case: "word" as const, value: "word" },
    counts: new Map([
      ["a", 1],
      ["b", 2],
    ]),
  };
  return {
    name,
    load: async (round) => {
      const plugin = await BenchPlugin.load(round === undefined ? compiled : other(bytes, round));
      return {
        greet: (text) => plugin.sync.greet({ text }).text,
        change: () => plugin.sync.change(all).text,
        work: (text) => plugin.sync.work({ text }).text,
        memory: () => plugin.stats().memoryBytes,
        dispose: () => plugin.dispose(),
      };
    },
  };
}

interface Component {
  greet(text: string): string;
  change(all: object): { readonly text: string };
  work(text: string): string;
}

interface ComponentModule {
  instantiate(
    module: (path: string) => Promise<WebAssembly.Module>,
    imports: object,
    instantiate: typeof WebAssembly.instantiate,
  ): Promise<{ readonly calls: Component }>;
}

async function componentSubject(name: string, path: string): Promise<Subject> {
  const { instantiate } = (await import(path)) as ComponentModule;
  const compiled = new Map<string, Promise<WebAssembly.Module>>();
  const bytesOf = (file: string) => readFileSync(join(dirname(path), file));
  const all = {
    ...COMMON,
    color: "red",
    choice: { tag: "word", val: "word" },
    counts: [
      ["a", 1],
      ["b", 2],
    ],
  };
  return {
    name,
    load: async (round) => {
      const memories = new Set<WebAssembly.Memory>();
      const module = (file: string): Promise<WebAssembly.Module> => {
        if (round !== undefined) return WebAssembly.compile(other(bytesOf(file), round));
        const known = compiled.get(file) ?? WebAssembly.compile(bytesOf(file));
        compiled.set(file, known);
        return known;
      };
      const recorded = async (it: WebAssembly.Module, imports?: WebAssembly.Imports) => {
        const instance = await WebAssembly.instantiate(it, imports);
        for (const value of Object.values(instance.exports)) {
          if (value instanceof WebAssembly.Memory) memories.add(value);
        }
        return instance;
      };
      const { calls } = await instantiate(module, {}, recorded as typeof WebAssembly.instantiate);
      return {
        greet: (text) => calls.greet(text),
        change: () => calls.change(all).text,
        work: (text) => calls.work(text),
        memory: () => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
        dispose: () => undefined,
      };
    },
  };
}

/** Engines know the bytes of a module again. These are others each time: a custom section, with a name of one letter. */
function other(wasm: Uint8Array, round: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...wasm, 0, 3, 1, 0x61 + round, 0]);
}

async function main(): Promise<void> {
  const paths = Object.entries(
    JSON.parse(readFileSync(list, "utf8")) as Record<string, { path: string }>,
  );
  const subjects = await Promise.all(
    paths.map(([name, { path }]) =>
      path.endsWith(".wasm") ? wplugSubject(name, path) : componentSubject(name, path),
    ),
  );
  const measured = [];
  for (const subject of subjects) {
    const instance = await subject.load();
    check(subject, instance);
    measured.push({
      subject,
      instance,
      greet: [] as number[],
      change: [] as number[],
      json: [] as number[],
      load: [] as number[],
      loadBytes: [] as number[],
    });
  }
  for (let round = 0; round < LOADS; round++) {
    for (const { subject, load, loadBytes } of inTurn(measured, round)) {
      load.push(await timeLoad(subject));
      if (round % 3 === 0) loadBytes.push(await timeLoad(subject, round));
    }
  }
  for (let round = -3; round < ROUNDS; round++) {
    for (const { instance, ...times } of inTurn(measured, round + 3)) {
      const greet = timeCalls(() => instance.greet("wplug"));
      const change = timeCalls(() => instance.change());
      const json = timeCalls(() => instance.work(ORDERS));
      if (round < 0) continue;
      times.greet.push(greet);
      times.change.push(change);
      times.json.push(json);
    }
  }
  const figures = [];
  for (const { subject, greet, change, json, load, loadBytes } of measured) {
    // Of one that has had nothing but greetings.
    const instance = await subject.load();
    for (let i = 0; i < 10_000; i++) instance.greet("wplug");
    figures.push({
      name: subject.name,
      greet: median(greet),
      change: median(change),
      json: median(json),
      load: median(load),
      loadBytes: median(loadBytes),
      memory: instance.memory(),
    });
    await instance.dispose();
  }
  writeFileSync(results, JSON.stringify(figures));
  for (const { instance } of measured) await instance.dispose();
}

function check({ name }: Subject, instance: Instance): void {
  const answers = [instance.greet("wplug"), instance.change(), instance.work(ORDERS)];
  const expected = ["Hello, wplug", `${COMMON.text}!`, work(ORDERS)];
  if (answers.join() !== expected.join()) throw new Error(`${name} answers ${answers.join()}`);
}

/** Milliseconds until there is an instance that can be called. */
async function timeLoad(subject: Subject, round?: number): Promise<number> {
  const start = performance.now();
  const instance = await subject.load(round);
  const time = performance.now() - start;
  await instance.dispose();
  return time;
}

/** Microseconds of a call, of processor time: others may use the machine. */
function timeCalls(call: () => unknown): number {
  let calls = 0;
  const start = process.cpuUsage();
  const end = performance.now() + ROUND_MS;
  do {
    for (let i = 0; i < 10; i++) call();
    calls += 10;
  } while (performance.now() < end);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
