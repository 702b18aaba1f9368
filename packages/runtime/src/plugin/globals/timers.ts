import type { Engine } from "../../platform/engine.js";

interface Timer {
  readonly id: number;
  /** By `Date.now()`. */
  readonly at: number;
  readonly run: () => void;
  /** Milliseconds, of an interval. */
  readonly every: number | undefined;
}

let timers: Timer[] = [];
let nextId = 1;

/** Timers, which run while a call waits for a promise, and `queueMicrotask`. */
export function addTimers(): void {
  Object.assign(globalThis, {
    setTimeout: (run: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) =>
      add(() => run(...args), delay, false),
    setInterval: (run: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) =>
      add(() => run(...args), delay, true),
    setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      add(() => run(...args), 0, false),
    clearTimeout: remove,
    clearInterval: remove,
    clearImmediate: remove,
    queueMicrotask: (run: () => void) => void Promise.resolve().then(run),
  });
}

/** Waits for the next timer and runs it. */
export function runTimer(engine: Engine): boolean {
  const timer = timers.reduce<Timer | undefined>(
    (first, it) => (first === undefined || it.at < first.at ? it : first),
    undefined,
  );
  if (timer === undefined) return false;
  remove(timer.id);
  engine.sleep(timer.at - Date.now());
  if (timer.every !== undefined) timers.push({ ...timer, at: Date.now() + timer.every });
  timer.run();
  return true;
}

function add(run: () => void, delay: number, repeats: boolean): number {
  // A `long`: infinity is 0, and what is too large wraps: https://html.spec.whatwg.org/#dom-settimeout
  const milliseconds = Math.max(0, delay | 0);
  const every = repeats ? Math.max(1, milliseconds) : undefined;
  timers.push({ id: nextId, at: Date.now() + milliseconds, run, every });
  return nextId++;
}

function remove(id: unknown): void {
  timers = timers.filter((timer) => timer.id !== id);
}
