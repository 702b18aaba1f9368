import { getEventListeners } from "node:events";

import fc from "fast-check";

import type { LoadOptions } from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { BEHAVIOURS, hostBehaviours } from "../testing/behaviours.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

/**
 * What is done with a plugin, at random: calls that are answered, trap, loop, wait for host functions of all kinds; each maybe
 * aborted, after some time; waiting for what is under way; disposal in between. The model says which ends a call may have.
 */
interface Call {
  readonly kind: "call";
  readonly behaviour: Behaviour;
  /** Milliseconds after which its signal is aborted. */
  readonly abortAfter: number | undefined;
}
type Step = Call | { readonly kind: "settle" } | { readonly kind: "dispose" };

type Behaviour = "e" | "t" | "l" | "h-" | "hx" | "hn" | "hc" | "hd";

/** How a call may end that is neither aborted nor made after the plugin was disposed. */
const ENDS: Readonly<Record<Behaviour, readonly string[]>> = {
  e: ["answered"],
  t: ["PluginTrapError"],
  l: ["PluginTimeoutError"],
  "h-": ["answered"],
  hx: ["HostFunctionError"],
  hn: ["PluginTimeoutError"],
  hc: ["answered"],
  // Unless it could be waited for, as it was disposed before.
  hd: ["PluginRetiredError", "answered"],
};

const call = (behaviours: readonly Behaviour[]): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant("call" as const),
    behaviour: fc.oneof(
      ...behaviours.map((behaviour) => ({
        // These take as long as they may.
        weight: behaviour === "l" || behaviour === "hn" ? 1 : 3,
        arbitrary: fc.constant(behaviour),
      })),
    ),
    abortAfter: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 4 }),
  });

const sequences = (behaviours: readonly Behaviour[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 12, arbitrary: call(behaviours) },
      { weight: 4, arbitrary: fc.constant<Step>({ kind: "settle" }) },
      { weight: 1, arbitrary: fc.constant<Step>({ kind: "dispose" }) },
    ),
    { minLength: 1, maxLength: 14 },
  );

const ALL: readonly Behaviour[] = ["e", "t", "l", "h-", "hx", "hn", "hc", "hd"];
/** Without a limit nothing in the host's thread ends a plugin that computes, or a host function that never answers, but a signal. */
const INLINE: readonly Behaviour[] = ["e", "t", "h-", "hx", "hc", "hd"];

/** What has not settled after so many times the limit of its calls hangs: no sequence has as many of them. */
const HANGS = 40;

async function settledIn<T>(milliseconds: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not settle`)), milliseconds);
  });
  try {
    return await Promise.race([promise, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The limit of time of calls, which only those must reach that are meant to: so many times what a load takes on this machine at
 * this time, as other programs may use it too.
 */
class Pace {
  /** What the last loads took, in milliseconds. */
  private readonly loads: number[] = [];

  /** In milliseconds. */
  get limit(): number {
    return Math.ceil(Math.max(500, 20 * Math.max(...this.loads)));
  }

  async load(bytes: Uint8Array, options: LoadOptions): Promise<GreeterPlugin> {
    const start = performance.now();
    const plugin: GreeterPlugin = await GreeterPlugin.load(bytes, {
      stderr: null,
      ...hostBehaviours(() => plugin),
      ...options,
    });
    this.loads.push(performance.now() - start);
    if (this.loads.length > 8) this.loads.shift();
    return plugin;
  }

  async measure(bytes: Uint8Array, { isolation }: LoadOptions): Promise<void> {
    const plugin = await this.load(bytes, { isolation });
    await plugin.dispose();
  }
}

/** A sequence counts if the limit was right before and after it. If it failed while the machine became slower, it is run again. */
async function runAtPace(
  pace: Pace,
  bytes: Uint8Array,
  options: LoadOptions,
  sequence: readonly Step[],
): Promise<void> {
  for (;;) {
    const { limit } = pace;
    try {
      const limits = options.limits === undefined ? undefined : { time: limit };
      return await run(pace, bytes, { ...options, limits }, sequence);
    } catch (error) {
      // Nothing else but the limit depends on the pace.
      if (!String(error).includes("PluginTimeoutError")) throw error;
      await pace.measure(bytes, options);
      if (pace.limit <= limit) throw error;
    }
  }
}

async function run(
  pace: Pace,
  bytes: Uint8Array,
  options: LoadOptions,
  sequence: readonly Step[],
): Promise<void> {
  const plugin = await pace.load(bytes, options);
  const hangs = HANGS * (options.limits?.time ?? pace.limit);
  // One instance for all calls: what ends it ends them all, and those after.
  const isSupervised = options.isolation === "worker" || options.pool !== undefined;
  const underWay: Promise<void>[] = [];
  const signals: AbortSignal[] = [];
  let disposed = false;
  let failing = false;
  let looping = false;
  let number = 0;
  const make = (step: Call): Promise<void> => {
    const name = `${step.behaviour}${number++}`;
    const abort = new AbortController();
    if (step.abortAfter !== undefined) setTimeout(() => abort.abort(), step.abortAfter);
    signals.push(abort.signal);
    const ends = new Set(ENDS[step.behaviour]);
    if (step.abortAfter !== undefined) ends.add("PluginAbortedError");
    if (step.behaviour === "hd") disposed = true;
    if (step.behaviour === "l") looping = true;
    if (!"e-c".includes(step.behaviour.at(-1) ?? "") || step.abortAfter !== undefined)
      failing = true;
    return plugin.sayHello({ name }, { signal: abort.signal }).then(
      (answer) => {
        expect([...ends]).toContain("answered");
        const answered = step.behaviour === "hc" ? `e${name.slice(2)}` : name;
        expect(answer.name).toBe(answered);
      },
      (error: Error) => {
        // A plugin that is disposed, or that is not replaced, takes others with it.
        if (disposed || (!isSupervised && failing)) {
          ends.add("PluginRetiredError").add("PluginAbortedError").add("PluginTrapError");
          ends.add("HostFunctionError");
        }
        // One that loops in the host's thread takes the time of those that wait there.
        if (options.isolation === "inline" && looping && step.behaviour.startsWith("h"))
          ends.add("PluginTimeoutError");
        expect([...ends]).toContain(error.name);
      },
    );
  };
  for (const step of sequence) {
    if (step.kind === "call") underWay.push(make(step));
    else if (step.kind === "settle") {
      await settledIn(hangs, Promise.all(underWay), "a call");
    } else {
      disposed = true;
      underWay.push(plugin.dispose());
    }
  }
  await settledIn(hangs, Promise.all(underWay), "a call");
  await settledIn(hangs, plugin.dispose(), "dispose()");
  await expect(plugin.sayHello({})).rejects.toMatchObject({ name: "PluginRetiredError" });
  for (const signal of signals) expect(getEventListeners(signal, "abort")).toEqual([]);
}

/** More of them, or those that failed: `WPLUG_MODEL_STEPS=100000 WPLUG_MODEL_SEED=7 npx jest calls-model`. */
const STEPS = Number(process.env["WPLUG_MODEL_STEPS"] ?? 1000);
/** Of a sequence, the mean. */
const STEPS_EACH = 5.6;
const seed = Number(process.env["WPLUG_MODEL_SEED"] ?? 1);

describe("every call is settled once, with its own answer or the right error, and dispose ends", () => {
  // At the pace of the machine.
  const time = { limits: { time: 500 } };
  const places: [string, LoadOptions, readonly Behaviour[]][] = [
    ...(canSuspend()
      ? ([
          ["in the host's thread", {}, INLINE],
          ["in the host's thread, metered", { isolation: "inline", ...time }, ALL],
          [
            "in a pool in the host's thread",
            { isolation: "inline", pool: { size: 2 }, ...time },
            ALL,
          ],
        ] as [string, LoadOptions, typeof ALL][])
      : []),
    ["in a worker", { isolation: "worker", ...time }, ALL],
    ["in a pool of 1", { isolation: "worker", pool: { size: 1, maxCalls: 3 }, ...time }, ALL],
    ["in a pool of 4", { isolation: "worker", pool: { size: 4 }, ...time }, ALL],
  ];
  const numRuns = Math.ceil(STEPS / STEPS_EACH / places.length);
  it.each(places)(
    "%s",
    async (place, options, behaviours) => {
      let steps = 0;
      const bytes = await wat(greeter(BEHAVIOURS));
      const pace = new Pace();
      for (let i = 0; i < 3; i++) await pace.measure(bytes, options);
      await fc.assert(
        fc.asyncProperty(sequences(behaviours), (sequence) => {
          steps += sequence.length;
          return runAtPace(pace, bytes, options, sequence);
        }),
        { numRuns, seed, endOnFailure: true },
      );
      // The mean of what is random.
      expect(steps).toBeGreaterThan((STEPS / places.length) * 0.7);
      if (STEPS > 1000) console.log(`${place}: ${steps} steps, seed ${seed}`);
    },
    // Some seconds for each sequence, most of which wait.
    60_000 + numRuns * 5000,
  );
});
