import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { PluginModule } from "@wplug/runtime";

import { InteropPlugin, provideCounter, type Host } from "./gen/host.js";
import { Fields, Text } from "./gen/index.js";
import { GoHost } from "./go-host.js";
import type { AnyMessage, HostUnderTest, LoadRequest } from "./host-under-test.js";
import { TypeScriptHost } from "./typescript-host.js";

const [pathsFile = "", results = ""] = process.argv.slice(2);
type PluginName = "assemblyscript" | "rust" | "go";

const paths = JSON.parse(readFileSync(pathsFile, "utf8")) as Record<"host" | PluginName, string>;

/** Those that could be built on this machine. */
const plugins = (["assemblyscript", "rust", "go"] as const).filter((name) => name in paths);

const ROUNDS = 15;
const ROUND_MS = 60;
const LOADS = 7;
const INSTANCES = 5;

const calls: Readonly<Record<string, { method: string; request: AnyMessage }>> = {
  greeting: { method: "greet", request: new Text({ text: "wplug" }) },
  "19 fields": {
    method: "change",
    request: new Fields({
      double: 19.99,
      float: 0.5,
      int32: 42,
      int64: 1_700_000_000_000n,
      uint32: 7,
      uint64: 123_456_789n,
      sint32: -3,
      sint64: -123_456n,
      fixed32: 0xdeadbeef,
      fixed64: 0xfeedfacecafebeefn,
      sfixed32: -1,
      sfixed64: -2n,
      bool: true,
      string: "a name of usual length",
      bytes: Uint8Array.from({ length: 16 }, (_, i) => i),
      list: ["one", "two", "three"],
      map: new Map([
        ["a", { number: 1 }],
        ["b", { number: 2 }],
      ]),
      nested: { kind: 1, text: "inside" },
      color: 1,
    }),
  },
};

interface Subject {
  readonly host: string;
  readonly plugin: PluginName;
  readonly under: HostUnderTest;
}

async function main(): Promise<void> {
  const subjects: Subject[] = [];
  for (const plugin of plugins) {
    subjects.push({ host: "go-plugin", plugin, under: new GoHost(paths.host) });
    subjects.push({ host: "wplug", plugin, under: new TypeScriptHost() });
  }
  const rows: object[] = [];
  const load = await timeLoads(subjects);
  const times = await timeCalls(subjects);
  for (const { host, plugin, under } of subjects) {
    const of = `${host} ${plugin}`;
    const { memory } = await under.repeat("greet", new Text({ text: "wplug" }), 10_000);
    rows.push({
      host,
      plugin,
      calls: times.get(of),
      load: load.get(of),
      memory,
      resident:
        under instanceof GoHost ? await residentInGo(under, plugin) : await residentHere(plugin),
    });
  }
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(results, JSON.stringify(rows, null, 2));
  await Promise.all(subjects.map(({ under }) => under.close()));
}

/** Milliseconds from a path to a plugin that can be called, with nothing compiled before. */
async function timeLoads(subjects: readonly Subject[]): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < LOADS; round++) {
    for (const { host, plugin, under } of subjects) {
      const { error, time } = await under.load(uncached(plugin, round));
      if (error !== undefined) throw new Error(error);
      const of = `${host} ${plugin}`;
      times.set(of, [...(times.get(of) ?? []), time]);
    }
  }
  return medians(times);
}

/** Engines know the bytes of a module again. These are others each time. */
function uncached(plugin: PluginName, round: number): LoadRequest {
  const path = join(dirname(pathsFile), `${plugin}-${round}.wasm`);
  // A custom section: its size, the size of its name, the name.
  const section = Uint8Array.from([0, 3, 1, 0x61 + round, 0]);
  writeFileSync(path, Buffer.concat([readFileSync(paths[plugin]), section]));
  return { plugin: path, as: "interop", cached: false };
}

/** Microseconds of a call, of each subject in turn. */
async function timeCalls(
  subjects: readonly Subject[],
): Promise<Map<string, Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  for (const [name, { method, request }] of Object.entries(calls)) {
    const times = new Map<string, number[]>();
    for (let round = -2; round < ROUNDS; round++) {
      for (const { host, plugin, under } of subjects) {
        const { error, time } = await under.time(method, request, ROUND_MS);
        if (error !== undefined) throw new Error(error);
        const of = `${host} ${plugin}`;
        if (round >= 0) times.set(of, [...(times.get(of) ?? []), time]);
      }
    }
    for (const [of, time] of medians(times)) found.set(of, { ...found.get(of), [name]: time });
  }
  return found;
}

function medians(times: ReadonlyMap<string, readonly number[]>): Map<string, number> {
  return new Map(
    [...times].map(([of, all]) => [of, [...all].sort((a, b) => a - b)[all.length >> 1] ?? NaN]),
  );
}

/** Bytes by which the process grows for one more instance, called once. go-plugin compiles each of them. */
async function residentInGo(host: GoHost, plugin: "assemblyscript" | "go"): Promise<number> {
  const request: LoadRequest = { plugin: paths[plugin], as: "interop", cached: false };
  const { resident: before } = await host.load(request);
  let after = before;
  for (let i = 0; i < INSTANCES; i++) {
    await host.keep();
    ({ resident: after } = await host.load(request));
  }
  return (after - before) / INSTANCES;
}

/** Likewise in ours, which compiles once. */
async function residentHere(plugin: PluginName): Promise<number> {
  const module = await PluginModule.compile(paths[plugin]);
  const host: Host = { answer: (it) => it, log: () => ({}), tick: () => ({}) };
  const libraries = [provideCounter({ length: () => ({}) })];
  const loaded: InteropPlugin[] = [];
  const load = async (): Promise<void> => {
    const one = await InteropPlugin.load(module, { host, libraries });
    one.sync.greet({ text: "wplug" });
    loaded.push(one);
  };
  await load();
  const before = resident();
  for (let i = 0; i < INSTANCES; i++) await load();
  const growth = (resident() - before) / INSTANCES;
  await Promise.all(loaded.map((one) => one.dispose()));
  return growth;
}

function resident(): number {
  for (let i = 0; i < 4; i++) (globalThis as unknown as { gc(): void }).gc();
  return process.memoryUsage().rss;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
