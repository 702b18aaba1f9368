import { PluginModule } from "@wplug/runtime";

import { SoakPlugin, type Host } from "./gen/host.js";

const [wasm = "", inTypeScript = "", ...numbers] = process.argv.slice(2);
const [CALLS = 0, LOADS = 0, SCHEDULED = 0] = numbers.map(Number);
/** One call in so many has a message of 100 kB. */
const LARGE_EVERY = 200;

const host: Host = { answer: (request) => request };
const small = { text: "a plugin that runs for months", more: ["a", "b"] };
const large = { text: "x".repeat(100_000) };

const megabytes = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`;

/** What the host uses when all that can be collected is, and what a turn of the event loop holds on to is let go. */
async function used(): Promise<{ heap: number; rss: number }> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    (globalThis as unknown as { gc(): void }).gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

let failed = 0;
function check(what: string, before: number, after: number, most: number): void {
  const ok = after - before <= most;
  if (!ok) failed++;
  console.log(`${ok ? "✓" : "✕"} ${what}: ${megabytes(before)}, then ${megabytes(after)}`);
}

async function calls(wasm: string, language: string): Promise<void> {
  await using plugin = await SoakPlugin.load(wasm, { host });
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) plugin.sync.echo(i % LARGE_EVERY === 0 ? large : small);
  };
  run(CALLS / 10);
  const memory = plugin.stats().memoryBytes;
  const before = await used();
  run(CALLS);
  const after = await used();
  console.log(`${CALLS.toLocaleString("en")} calls, each with a host function, ${language}:`);
  check("memory of the plugin", memory, plugin.stats().memoryBytes, 0);
  check("heap of the host", before.heap, after.heap, 2 << 20);
  console.log(`  resident: ${megabytes(before.rss)}, then ${megabytes(after.rss)}`);
}

async function loads(): Promise<void> {
  const module = await PluginModule.compile(wasm);
  const run = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await using plugin = await SoakPlugin.load(module, { host });
      plugin.sync.echo(small);
    }
  };
  await run(LOADS / 10);
  const before = await used();
  await run(LOADS);
  const after = await used();
  console.log(`${LOADS.toLocaleString("en")} times loaded, called and disposed:`);
  check("heap of the host", before.heap, after.heap, 4 << 20);
  console.log(`  resident: ${megabytes(before.rss)}, then ${megabytes(after.rss)}`);
}

/** Each call is made by a timer that the host function of the one before has started: nothing may hold on to that one. */
async function scheduled(isolation: "inline" | "worker"): Promise<void> {
  let left = 0;
  let failure: unknown;
  let ended = (): void => {};
  const next = (): void => {
    plugin.echo(small).catch((error: unknown) => {
      failure = error;
      ended();
    });
  };
  const scheduling: Host = {
    answer(request) {
      if (--left > 0) setImmediate(next);
      else setImmediate(() => ended());
      return request;
    },
  };
  await using plugin = await SoakPlugin.load(wasm, { host: scheduling, isolation });
  const run = async (count: number): Promise<number> => {
    // Of the processor: what else runs on the machine does not count.
    const start = process.cpuUsage();
    left = count;
    await new Promise<void>((resolve) => {
      ended = resolve;
      next();
    });
    if (failure !== undefined) throw failure;
    const { user, system } = process.cpuUsage(start);
    return (user + system) / count;
  };
  await run(SCHEDULED / 10);
  const before = await used();
  const first = await run(SCHEDULED / 10);
  await run(SCHEDULED * 0.8);
  const last = await run(SCHEDULED / 10);
  const after = await used();
  const microseconds = [first, last].map((time) => `${time.toFixed(1)} µs`).join(", then ");
  console.log(
    `${SCHEDULED.toLocaleString("en")} calls that a host function scheduled, ${isolation}:`,
  );
  // Calls that are held on to would take some hundred bytes each.
  check("heap of the host", before.heap, after.heap, 4 << 20);
  const isFlat = last < 3 * first;
  if (!isFlat) failed++;
  console.log(`${isFlat ? "✓" : "✕"} time of a call: ${microseconds}`);
}

async function main(): Promise<void> {
  await calls(wasm, "AssemblyScript");
  await calls(inTypeScript, "TypeScript");
  await loads();
  await scheduled("inline");
  await scheduled("worker");
  process.exitCode = failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
