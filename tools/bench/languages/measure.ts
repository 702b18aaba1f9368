import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { GreeterPlugin } from "./gen/host.js";
import { inTurn } from "./in-turn.mjs";

/** `measure.mjs PLUGINS RESULTS`, both of JSON: paths by language, and what was measured. */
const [plugins = "", results = ""] = process.argv.slice(2);
const paths = Object.entries(JSON.parse(readFileSync(plugins, "utf8")) as Record<string, string>);

const ROUNDS = 30;
const ROUND_MS = 30;
const LOADS = 15;

interface Subject {
  readonly language: string;
  readonly wasm: Uint8Array;
  readonly plugin: GreeterPlugin;
  readonly load: number[];
  readonly call: number[];
}

async function main(): Promise<void> {
  const subjects: Subject[] = [];
  for (const [language, path] of paths) {
    const wasm = readFileSync(path);
    const plugin = await GreeterPlugin.load(path);
    const { message } = plugin.sync.sayHello({ name: "wplug" });
    if (message !== "Hello, wplug") throw new Error(`${language} answers ${message}`);
    subjects.push({ language, wasm, plugin, load: [], call: [] });
  }
  for (let round = 0; round < LOADS; round++) {
    for (const subject of inTurn(subjects, round))
      subject.load.push(await timeLoad(subject, round));
  }
  for (let round = -3; round < ROUNDS; round++) {
    for (const { plugin, call } of inTurn(subjects, round + 3)) {
      const time = timeCalls(plugin);
      if (round >= 0) call.push(time);
    }
  }
  const figures = subjects.map(({ language, plugin, load, call }) => ({
    language,
    call: median(call),
    load: Math.min(...load),
    memory: plugin.stats().memoryBytes,
  }));
  writeFileSync(results, JSON.stringify(figures));
  await Promise.all(subjects.map(({ plugin }) => plugin.dispose()));
}

/** Milliseconds from a path to a plugin that can be called. */
async function timeLoad({ language, wasm }: Subject, round: number): Promise<number> {
  // Engines know the bytes of a module again. These are others each time: a custom section, with a name of one letter.
  const path = `${dirname(plugins)}/${language}-uncached.wasm`;
  writeFileSync(path, Buffer.concat([wasm, Uint8Array.from([0, 3, 1, 0x61 + round, 0])]));
  const start = performance.now();
  const plugin = await GreeterPlugin.load(path);
  const time = performance.now() - start;
  await plugin.dispose();
  return time;
}

/** Microseconds of a call, of processor time: others may use the machine. */
function timeCalls(plugin: GreeterPlugin): number {
  let calls = 0;
  const start = process.cpuUsage();
  const end = performance.now() + ROUND_MS;
  while (performance.now() < end) {
    for (let i = 0; i < 20; i++) plugin.sync.sayHello({ name: "wplug" });
    calls += 20;
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
