import { createCallContext } from "#platform";

/** A call that runs, or the start of the plugin. */
export interface Frame {
  readonly turns: Turns;
  /** The call, maybe of another plugin, whose host function made this one. */
  readonly caller: Frame | undefined;
  /** Whether it waits for a host function, which may call the plugin again. */
  suspended: boolean;
  ended: boolean;
  /** Makes the call fail, whatever becomes of it. */
  fail(error: Error): void;
}

interface Waiting {
  /** The frame that must be on top, undefined: nothing may run. */
  readonly frame: Frame | undefined;
  /** Whether it is the frame itself that wants to go on, not a call that it made. */
  readonly resumes: boolean;
  readonly go: () => void;
}

/** Undefined in browsers, which can't tell. */
const context = createCallContext<Frame>();

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
  private readonly stack: Frame[] = [];
  private waiting: Waiting[] = [];
  private waking = false;

  get top(): Frame | undefined {
    return this.stack[this.stack.length - 1];
  }

  get depth(): number {
    return this.stack.length;
  }

  /** Whether no call runs or waits. */
  get isIdle(): boolean {
    return this.stack.length === 0 && this.waiting.length === 0 && !this.waking;
  }

  /** Runs the code of a host function that the call on top made. */
  runHostFunction<R>(code: () => R): R {
    const { top } = this;
    return context === undefined || top === undefined ? code() : context.run(top, code);
  }

  /**
   * The call of this instance that the current code is a part of. Where the engine can't tell, it is taken to be the
   * one that waits for a host function: otherwise a host function would wait for its own end.
   */
  current(): Frame | undefined {
    let frame = this.origin();
    while (frame !== undefined && (frame.turns !== this || frame.ended)) frame = frame.caller;
    return frame;
  }

  /** The call, maybe of another plugin, that the current code is a part of. */
  origin(): Frame | undefined {
    return context === undefined ? this.top : context.current();
  }

  /**
   * Calls `go` when a call made by `caller` may run: at once, or after others. `go` has to `push` it.
   *
   * @returns takes it back
   */
  enqueue(caller: Frame | undefined, go: () => void): () => void {
    const waiting = this.wait(caller, false, go);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== waiting);
    };
  }

  /** @param caller `origin()` of the code that made the call, which may have waited since */
  push(caller: Frame | undefined, fail: (error: Error) => void): Frame {
    const frame = { turns: this, caller, suspended: false, ended: false, fail };
    this.stack.push(frame);
    return frame;
  }

  pop(frame: Frame): void {
    const at = this.stack.indexOf(frame);
    if (at < 0) return;
    frame.ended = true;
    this.stack.splice(at, 1);
    this.wake();
  }

  /** Lets host functions of the call on top call the plugin. */
  suspend(frame: Frame): void {
    frame.suspended = true;
    this.wake();
  }

  /** Resolves when the calls that were made inside of a suspended one have ended. Never, if it was made to fail. */
  resume(frame: Frame): Promise<void> {
    return new Promise((resolve) => {
      this.wait(frame, true, () => {
        frame.suspended = false;
        resolve();
      });
    });
  }

  /** Makes all calls that run fail. Those that wait get their turn. */
  failAll(error: Error): void {
    const failed = this.stack.splice(0);
    for (const frame of failed.reverse()) {
      frame.ended = true;
      frame.fail(error);
    }
    this.waiting = this.waiting.filter(({ frame, resumes }) => !(resumes && frame?.ended));
    this.wake();
  }

  private wait(frame: Frame | undefined, resumes: boolean, go: () => void): Waiting {
    const waiting = { frame, resumes, go };
    this.waiting.push(waiting);
    this.wake();
    return waiting;
  }

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
    const { top } = this;
    const at = this.waiting.findIndex(({ frame }) =>
      // The host function of an ended call that made another without waiting for it: any call.
      frame === undefined || frame.ended ? top === undefined : frame === top && frame.suspended,
    );
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }
}
