import { CallRecord } from "./call-record";
import type { CallRequest, FromWorker, Outcome, StartRequest, ToWorker } from "./protocol";

/** Milliseconds that a plugin may take to be compiled and to start. */
const LOADING = 20_000;
/** Milliseconds in which a metered plugin ends itself after its time, which tells more than a thread that is ended. */
const GRACE = 1000;
/** Milliseconds that an answer may take to become JSON. */
const SHOWING = 5000;

/**
 * A plugin in a worker. Calls come one at a time. One that takes too long is ended, if need be with its thread; the next call
 * starts another, where the plugin has nothing in its memory.
 */
export class Session {
  private worker: Worker | undefined;
  /** Ends what is waited for. */
  private stop: (reason: string) => void = () => {};

  /** @param program address of the script that workers run */
  constructor(
    private readonly program: string,
    private readonly start: StartRequest,
  ) {}

  /** Whatever goes wrong is in the outcome. */
  async call(request: CallRequest): Promise<Outcome> {
    const record = new CallRecord();
    const { time, isMetered } = this.start.settings;
    const loading = Math.max(LOADING, time + GRACE);
    try {
      if (this.worker === undefined) {
        this.worker = new Worker(this.program);
        await this.ask({ start: this.start }, record, {
          last: ["started", "ended"],
          time: loading,
          late: `It did not start within ${loading} ms, and was ended.`,
        });
      }
      if (!record.hasFailed) {
        await this.ask({ call: request }, record, {
          last: ["ended"],
          time: isMetered ? time + GRACE : time,
          late: `It took longer than ${time} ms, and was ended. The next call starts the plugin anew.`,
        });
      }
      if (record.hasAnswer) {
        await this.ask(undefined, record, {
          last: ["shown"],
          time: SHOWING,
          late: `It would take longer than ${SHOWING} ms to make JSON of it. The next call starts the plugin anew.`,
        });
      }
    } catch (error) {
      this.end();
      record.fail((error as Error).message);
    }
    // A plugin that failed is not called again, as with every host.
    if (record.hasFailed) this.end();
    return record.outcome();
  }

  /** @param reason for which a call that runs is ended, with its thread */
  end(reason = "It was ended."): void {
    this.worker?.terminate();
    this.worker = undefined;
    this.stop(reason);
  }

  /**
   * @param message undefined: the worker goes on by itself
   * @param until what is told last, for how many milliseconds it is waited for, and what is said then
   */
  private ask(
    message: ToWorker | undefined,
    record: CallRecord,
    until: { readonly last: readonly string[]; readonly time: number; readonly late: string },
  ): Promise<void> {
    const { worker } = this;
    if (worker === undefined) throw new Error("there is no worker");
    return new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => {
        clearTimeout(timer);
        reject(new Error(reason));
      };
      const timer = setTimeout(() => fail(until.late), until.time);
      this.stop = fail;
      worker.onerror = (event) =>
        fail(`The thread of the plugin ended: ${event.message || "the browser does not say why"}.`);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        record.add(data);
        if (!until.last.some((it) => it in data)) return;
        clearTimeout(timer);
        resolve();
      };
      if (message !== undefined) worker.postMessage(message);
    });
  }
}
