/** What limits cost and how soon they end a plugin, seen by an application. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { LoadOptions } from "@wplug/runtime";

import { GreeterPlugin } from "./gen/host.js";
import { inTurn } from "./in-turn.mjs";

const [folder = "", results = ""] = process.argv.slice(2);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const greeter = read("plugin.wasm");
/** Its start never ends. */
const endless = read("endless.wasm");

/** Many short rounds: a median of them says little of what else runs on the machine. */
const ROUNDS = 101;
const CALLS = 5000;
/** Limit of time in milliseconds, of calls that end long before. */
const LONG = 10_000;
const ENDS = 500;
/** Limit of time of calls that don't end in the host's thread, in milliseconds. */
const SHORT = 10;
const LOADS = 101;
const KILLS = 15;
/** Limit of time of what is killed in a worker, in milliseconds. */
const KILL = 100;

const inline = (time: number): LoadOptions => ({ isolation: "inline", limits: { time } });
const worker = (time?: number): LoadOptions => ({ isolation: "worker", limits: { time } });
const request = { text: "World" };

/** The value that `part` of all, 0 to 1, does not exceed. */
function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);

async function milliseconds(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** How long something takes until it fails because of its limit of time. */
function untilTimeout(action: () => Promise<unknown>): Promise<number> {
  return milliseconds(() =>
    action().then(
      () => {
        throw new Error("it has ended");
      },
      (error: Error) => {
        if (error.name !== "PluginTimeoutError") throw error;
      },
    ),
  );
}

/** Nanoseconds of a call, as it is and metered. */
async function calls(): Promise<object> {
  await using plain = await GreeterPlugin.load(greeter, { isolation: "inline" });
  await using metered = await GreeterPlugin.load(greeter, inline(LONG));
  const subjects = [plain, metered].map((plugin) => ({ plugin, times: [] as number[] }));
  for (let round = -10; round < ROUNDS; round++) {
    for (const { plugin, times } of inTurn(subjects, round + 10)) {
      const time = await milliseconds(() => {
        for (let i = 0; i < CALLS; i++) plugin.sync.greet(request);
      });
      if (round >= 0) times.push((time * 1e6) / CALLS);
    }
  }
  const [ofPlain, ofMetered] = subjects.map(({ times }) => median(times));
  return { plain: ofPlain, metered: ofMetered };
}

/** Milliseconds from the end of the time until the error is there. */
async function ends(): Promise<object> {
  const late: number[] = [];
  for (let i = 0; i < ENDS; i++) {
    await using plugin = await GreeterPlugin.load(greeter, inline(SHORT));
    late.push((await untilTimeout(() => plugin.spin(request))) - SHORT);
  }
  return { p50: median(late), p99: percentile(late, 0.99) };
}

/** Milliseconds of a load from bytes. */
async function loads(): Promise<object> {
  const load = async (options: LoadOptions, times: number): Promise<number> => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) {
      let plugin: GreeterPlugin | undefined;
      // Bytes of their own: nothing is known of them.
      const bytes = greeter.slice();
      all.push(await milliseconds(async () => (plugin = await GreeterPlugin.load(bytes, options))));
      await plugin?.dispose();
    }
    return median(all);
  };
  // Each of these makes the code of the runtime fast for all that follow.
  await load({}, LOADS);
  return {
    bytes: greeter.length,
    plain: await load({}, LOADS),
    metered: await load(inline(LONG), LOADS),
    worker: await load(worker(LONG), KILLS),
  };
}

/** Milliseconds in a worker: a call and a start that are killed, and the call that comes next. */
async function kills(): Promise<object> {
  const call: number[] = [];
  const start: number[] = [];
  const next: number[] = [];
  for (let i = 0; i < KILLS; i++) {
    await using plugin = await GreeterPlugin.load(greeter, worker(KILL));
    await plugin.greet(request);
    call.push(await untilTimeout(() => plugin.spin(request)));
    next.push(await milliseconds(() => plugin.greet(request)));
    start.push(await untilTimeout(() => GreeterPlugin.load(endless, worker(KILL))));
  }
  return { limit: KILL, call: median(call), start: median(start), next: median(next) };
}

async function main(): Promise<void> {
  const all = {
    calls: await calls(),
    ends: await ends(),
    loads: await loads(),
    kills: await kills(),
  };
  writeFileSync(results, JSON.stringify(all, undefined, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  // Its threads would go on.
  process.exit(1);
});
