import {
  PluginAbortedError,
  PluginLimitError,
  PluginTimeoutError,
} from "../errors/plugin-errors.js";
import type { WplugError } from "../errors/wplug-error.js";
import { nextTurn } from "#platform";
import { SUSPEND } from "../metering/added.js";
import { connectChecks, type Metered } from "../metering/connect.js";
import type { Limits } from "../options/limits.js";

/** Units of fuel that a plugin is given at a time: about half a millisecond of computing. */
const PORTION = 2 ** 20;
/** Units in which a plugin that has trapped may tell why. */
const LAST_WORDS = 2 ** 20;

/** What limits need to know of the instance. */
export interface LimitContext {
  /** The last lines of stderr, for errors. */
  stderrLines(): readonly string[];
  /** Whether the code that runs can be suspended. */
  canSuspend(): boolean;
}

interface CallSignal {
  readonly name: string;
  readonly signal: AbortSignal;
}

type Exports = Readonly<Record<string, unknown>>;

/**
 * Ends what a metered plugin does in this thread: after a time, when its fuel is used up, or when a signal is aborted.
 *
 * Limits are those of the outermost call that runs. The calls inside of it, which its host functions make, take from its
 * fuel and its time: a plugin gains nothing by being called again.
 */
export class CallLimits {
  private readonly fuelLimit: number;
  private readonly timeLimit: number | undefined;
  private readonly sliceLimit: number | undefined;
  private readonly context: LimitContext;
  private metered: Metered | undefined;
  private depth = 0;
  /** The outermost call that runs. */
  private name = "";
  /** Of the calls that run. */
  private readonly signals: CallSignal[] = [];
  /** When the time is over. The clock is read when the plugin first asks: most calls are done before. */
  private deadline: number | undefined;
  /** Units that the plugin was given, what it has used beyond included. */
  private given = 0;
  /** As many units as it may have used in the end, if there is a limit. */
  private most = Infinity;
  private closed = false;
  private isPaused = false;
  /** When the event loop last had its turn, as far as is known. */
  private sliceStart: number | undefined;
  private reason: WplugError | undefined;

  constructor(limits: Limits, context: LimitContext) {
    this.fuelLimit = limits.fuel ?? Infinity;
    this.timeLimit = limits.time;
    this.sliceLimit = limits.slice;
    this.context = context;
  }

  /** Why the plugin was ended. It stays so, whatever the plugin does then. */
  get over(): WplugError | undefined {
    return this.reason;
  }

  /** Whether a call is interrupted for a turn of the event loop: the plugin can be anywhere, and must not be called. */
  get paused(): boolean {
    return this.isPaused;
  }

  /** Units that the plugin has used. */
  get used(): number {
    return this.given - (this.metered?.fuel.value ?? 0);
  }

  /** Milliseconds that are left of the time, which begins now if it has not yet; undefined if there is no limit. */
  get timeLeft(): number | undefined {
    if (this.timeLimit === undefined) return undefined;
    const now = performance.now();
    this.deadline ??= now + this.timeLimit;
    return Math.max(0, this.deadline - now);
  }

  connect(exports: Exports): Metered {
    this.metered = connectChecks(
      exports,
      (fuel) => this.check(fuel),
      this.sliceLimit === undefined ? undefined : () => this.checkLater(),
    );
    return this.metered;
  }

  enter(name: string, signal?: AbortSignal): void {
    if (signal !== undefined) this.signals.push({ name, signal });
    if (++this.depth > 1) return;
    this.name = name;
    this.deadline = undefined;
    this.sliceStart = undefined;
    // What is left of its portion serves as well, unless it counts.
    if (this.fuelLimit === Infinity || this.metered === undefined) return;
    const { used } = this;
    const portion = Math.min(PORTION, this.fuelLimit);
    this.most = used + this.fuelLimit;
    this.given = used + portion;
    this.metered.fuel.value = portion;
  }

  /** @param signal that it entered with */
  leave(signal?: AbortSignal): void {
    this.depth--;
    if (signal !== undefined) this.signals.pop();
  }

  /** A host function is called: its time counts. */
  hostCalled(): void {
    if (this.timeLimit !== undefined) this.deadline ??= performance.now() + this.timeLimit;
  }

  /**
   * The host has done something for the plugin that may have taken long: what it asked for, or a part of reading its message.
   *
   * @throws what ends the call. If the plugin catches that, it is ended when it next asks: soon, as it has no fuel.
   */
  hostAnswered(): void {
    this.look();
    if (this.reason === undefined) return;
    this.drain();
    throw this.reason;
  }

  /** The time is over while the plugin waits. */
  expire(): WplugError {
    this.reason ??= this.timeout();
    return this.reason;
  }

  /** The instance has ended. Code of it that still runs ends when it next asks. */
  close(): void {
    this.closed = true;
    this.drain();
  }

  /** Lets a plugin that has trapped tell why, for a while. */
  allowLastWords(): void {
    if (this.metered === undefined || this.closed) return;
    this.close();
    this.given += LAST_WORDS;
    this.metered.fuel.value = LAST_WORDS;
  }

  /** Answers the module, which has used up what it was given. */
  private check(fuel: number): number {
    const used = this.given - fuel;
    let portion = this.closed ? 0 : this.portion(used);
    if (portion > 0 && this.isSliceOver()) portion = SUSPEND;
    this.given = used + portion;
    return portion;
  }

  /** Answers it after a turn of the event loop. The plugin may have been ended meanwhile. */
  private async checkLater(): Promise<number> {
    this.isPaused = true;
    await nextTurn();
    this.isPaused = false;
    this.sliceStart = undefined;
    return this.check(this.metered?.fuel.value ?? 0);
  }

  private isSliceOver(): boolean {
    if (this.sliceLimit === undefined || !this.context.canSuspend()) return false;
    const now = performance.now();
    this.sliceStart ??= now;
    return now - this.sliceStart >= this.sliceLimit;
  }

  private portion(used: number): number {
    const left = this.most - used;
    if (left <= 0) this.reason ??= this.outOfFuel();
    else this.look();
    return this.reason === undefined ? Math.min(PORTION, left) : 0;
  }

  private look(): void {
    if (this.reason !== undefined) return;
    const aborted = this.signals.find(({ signal }) => signal.aborted);
    if (aborted !== undefined) this.reason = abortedError(aborted.name, aborted.signal);
    else if (this.timeLeft === 0) this.reason = this.timeout();
  }

  /** Takes what it has left of its portion. */
  private drain(): void {
    if (this.metered === undefined) return;
    this.given -= this.metered.fuel.value;
    this.metered.fuel.value = 0;
  }

  private outOfFuel(): PluginLimitError {
    return new PluginLimitError(
      `${this.name} used more than ${this.fuelLimit} units of fuel (limits.fuel)`,
    );
  }

  private timeout(): PluginTimeoutError {
    return timeoutError(this.name, this.timeLimit ?? 0, this.context.stderrLines());
  }
}

/** @param action what was running: `sayHello` */
export function timeoutError(
  action: string,
  milliseconds: number,
  stderr: readonly string[],
): PluginTimeoutError {
  return new PluginTimeoutError(
    `${action} took longer than ${milliseconds} ms (limits.time)`,
    milliseconds,
    stderr,
  );
}

/** @param name of the call */
export function abortedError(name: string, signal: AbortSignal): PluginAbortedError {
  return new PluginAbortedError(`${name} was aborted`, { cause: signal.reason });
}
