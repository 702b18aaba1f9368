import type { Ending, FromWorker, HostCall, Measures, Outcome, Output, Shown } from "./protocol";

/** What a worker has told of a call so far. It is kept here, as a thread that is ended tells nothing any more. */
export class CallRecord {
  private readonly begin = performance.now();
  private readonly output: Output[] = [];
  private readonly hostCalls: HostCall[] = [];
  private start: Measures | undefined;
  private shown: Shown | undefined;
  private ended: Ending | undefined;

  add(message: FromWorker): void {
    if ("started" in message) this.start = message.started;
    else if ("output" in message) this.addOutput(message.output);
    else if ("hostCall" in message) this.hostCalls[message.number] = message.hostCall;
    else if ("ended" in message) this.ended = message.ended;
    else this.shown = message.shown;
  }

  /** The thread has not told how it ended. */
  fail(error: string): void {
    // Only its answer could not be shown.
    if (this.hasAnswer) this.shown = { problem: error };
    else {
      this.ended = {
        error,
        time: performance.now() - this.begin,
        memory: undefined,
        hostCallCount: this.hostCalls.length,
      };
    }
  }

  get hasFailed(): boolean {
    return this.ended?.error !== undefined;
  }

  get hasAnswer(): boolean {
    return this.ended?.answer !== undefined;
  }

  /** @throws Error if it has not ended */
  outcome(): Outcome {
    const { ended, output, hostCalls, start, shown } = this;
    if (ended === undefined) throw new Error("the call has not ended");
    return {
      ...ended,
      output,
      hostCalls,
      ...(start !== undefined && { start }),
      ...(shown !== undefined && { shown }),
    };
  }

  private addOutput({ stream, text }: Output): void {
    const last = this.output.at(-1);
    if (last?.stream === stream) this.output.splice(-1, 1, { stream, text: last.text + text });
    else this.output.push({ stream, text });
  }
}
