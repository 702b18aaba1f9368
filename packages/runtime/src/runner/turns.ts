import { createCallContext } from "#platform";
import { CallScope } from "../instance/call-scope.js";
import type { CallOptions } from "../options/call-options.js";

/**
 * Where a call, or the start of the plugin, is:
 *
 *     waiting ──> running <──> suspended
 *        │           │             │
 *        └───────────┴──> ended <──┘
 */
export type FrameState = "waiting" | "running" | "suspended" | "ended";

/** A call of one instance. Only `Turns` changes its state. */
export interface Frame {
  readonly turns: Turns;
  /** The call, maybe of another plugin, whose host function made this one; one that has ended may be left out. */
  readonly caller: Frame | undefined;
  /** undefined: it has none, or is the start of the plugin. */
  readonly options: CallOptions | undefined;
  /** "suspended": it waits for a host function, which may call the plugin again. */
  readonly state: FrameState;
}

/** What becomes of a call. Each is called once at most. */
export interface FrameEvents {
  /** It is its turn: it runs now. */
  run(): void;
  /** It was made to end by `endAll`. */
  fail(error: Error): void;
}

type MutableFrame = { -readonly [K in keyof Frame]: Frame[K] } & {
  readonly events: FrameEvents;
  caller: MutableFrame | undefined;
  /** undefined until it calls a host function. */
  scope: CallScope | undefined;
};

/** Something that goes on when the stack of calls allows it. */
interface Waiting {
  readonly frame: MutableFrame;
  /** The call that has to be on top and suspended; undefined: nothing may run. */
  readonly under: MutableFrame | undefined;
  readonly go: () => void;
}

/** Undefined in browsers, which can't tell. */
const context = createCallContext<MutableFrame>();

/** Whether the engine can tell which call some code belongs to. */
export const knowsCaller = context !== undefined;

/**
 * Whose turn it is in one instance.
 *
 * Plugins are written for one call at a time, and most languages keep one stack of variables in the memory: so calls run
 * one after the other. Only a host function may call the plugin that waits for it. That call runs inside of the waiting
 * one, which goes on when it has ended.
 */
export class Turns {
  /** The calls that run or are suspended, the innermost last. */
  private readonly stack: MutableFrame[] = [];
  private waiting: Waiting[] = [];
  private waking = false;

  get top(): Frame | undefined {
    return this.stack[this.stack.length - 1];
  }

  get depth(): number {
    return this.stack.length;
  }

  /** Runs the code of a host function that the call on top made. */
  runHostFunction<R>(code: () => R): R {
    const top = this.stack[this.stack.length - 1];
    return context === undefined || top === undefined ? code() : context.run(top, code);
  }

  /**
   * The call of this instance that the current code is a part of. Where the engine can't tell, it is taken to be the
   * one that waits for a host function: otherwise a host function would wait for its own end.
   */
  current(): Frame | undefined {
    return this.ownCall(this.origin());
  }

  /** Makes a call, which runs when it is its turn: at once, or after others. */
  enter(events: FrameEvents, options?: CallOptions): Frame {
    const caller = living(this.origin());
    const frame: MutableFrame = {
      turns: this,
      caller,
      options,
      state: "waiting",
      events,
      scope: undefined,
    };
    const under = this.ownCall(caller);
    // Most calls wait for nothing.
    if (this.waiting.length === 0 && this.mayRun(under)) this.run(frame);
    else this.wait({ frame, under, go: () => this.run(frame) });
    return frame;
  }

  /** Lets host functions of the call on top call the plugin. */
  suspend(frame: Frame): void {
    if (frame.state !== "running") return;
    (frame as MutableFrame).state = "suspended";
    this.wake();
  }

  /** Resolves when the calls that were made inside of a suspended one have ended. Never, if it has ended itself. */
  resume(frame: Frame): Promise<void> {
    return new Promise((resolve) => {
      if (frame.state !== "suspended") return;
      const suspended = frame as MutableFrame;
      const go = (): void => {
        suspended.state = "running";
        resolve();
      };
      this.wait({ frame: suspended, under: suspended, go });
    });
  }

  /** What host functions of a call are told of it. */
  scopeOf(frame: Frame): CallScope {
    return ((frame as MutableFrame).scope ??= new CallScope(frame.options));
  }

  /** Ends a call, whatever state it is in. To end it again does nothing. */
  leave(frame: Frame): void {
    if (frame.state === "ended") return;
    this.end(frame as MutableFrame);
    (frame as MutableFrame).scope?.end();
    this.wake();
  }

  /** Makes all calls that run fail. Those that wait get their turn. */
  endAll(error: Error): void {
    const running = [...this.stack].reverse();
    for (const frame of running) {
      this.end(frame);
      frame.events.fail(error);
    }
    // Not before: listeners of the signals are code of the application.
    for (const { scope } of running) scope?.abort(error);
    this.wake();
  }

  private run(frame: MutableFrame): void {
    frame.state = "running";
    this.stack.push(frame);
    frame.events.run();
  }

  /** The one place where calls end. */
  private end(frame: MutableFrame): void {
    const at = this.stack.indexOf(frame);
    if (at >= 0) this.stack.splice(at, 1);
    frame.state = "ended";
    if (this.waiting.length > 0) {
      this.waiting = this.waiting.filter((other) => other.frame !== frame);
    }
  }

  private origin(): MutableFrame | undefined {
    return context === undefined ? this.stack[this.stack.length - 1] : context.current();
  }

  private ownCall(frame: MutableFrame | undefined): MutableFrame | undefined {
    while (frame !== undefined && (frame.turns !== this || frame.state === "ended")) {
      frame = frame.caller;
    }
    return frame;
  }

  private wait(waiting: Waiting): void {
    this.waiting.push(waiting);
    this.wake();
  }

  /** Lets go on what may. */
  private wake(): void {
    if (this.waking) return;
    this.waking = true;
    try {
      for (let next = this.next(); next !== undefined; next = this.next()) next.go();
    } finally {
      this.waking = false;
    }
  }

  private next(): Waiting | undefined {
    const at = this.waiting.findIndex(({ under }) => this.mayRun(under));
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }

  private mayRun(under: MutableFrame | undefined): boolean {
    const { top } = this;
    // The host function of an ended call that made another without waiting for it: as any call.
    if (under === undefined || under.state === "ended") return top === undefined;
    return under === top && under.state === "suspended";
  }
}

/**
 * The innermost call that has not ended, of `frame` and its callers. It forgets those in between: a host function that
 * schedules the next call before it returns would make a chain without end.
 */
function living(frame: MutableFrame | undefined): MutableFrame | undefined {
  while (frame !== undefined && frame.state === "ended") frame = frame.caller;
  if (frame !== undefined) frame.caller = livingCaller(frame);
  return frame;
}

function livingCaller({ caller }: MutableFrame): MutableFrame | undefined {
  while (caller !== undefined && caller.state === "ended") caller = caller.caller;
  return caller;
}
