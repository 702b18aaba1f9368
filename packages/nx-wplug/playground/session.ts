import type { CallRequest, FromWorker, Outcome, StartRequest, ToWorker } from "./protocol";

/** Milliseconds that a plugin may take to load. */
const LOADING = 20_000;

/**
 * A plugin in a worker. Calls come one at a time. One that takes too long is ended with its thread; the next call starts
 * another, where the plugin has nothing in its memory.
 */
export class Session {
  private worker: Worker | undefined;

  /** @param program address of the script that workers run */
  constructor(
    private readonly program: string,
    private readonly start: StartRequest,
  ) {}

  async call(request: CallRequest): Promise<Outcome> {
    if (this.worker === undefined) {
      const outcome = await this.load();
      if (outcome !== undefined) return outcome;
    }
    const answer = await this.ask({ call: request }, this.start.settings.time);
    if ("started" in answer) throw new Error("the worker answered to something else");
    // A plugin that failed is not called again, as with every host.
    if (answer.outcome.error !== undefined) this.end();
    return answer.outcome;
  }

  end(): void {
    this.worker?.terminate();
    this.worker = undefined;
  }

  /** @returns what went wrong, if something did */
  private async load(): Promise<Outcome | undefined> {
    this.worker = new Worker(this.program);
    const answer = await this.ask({ start: this.start }, LOADING);
    if ("started" in answer) return undefined;
    this.end();
    return answer.outcome;
  }

  private ask(message: ToWorker, time: number): Promise<FromWorker> {
    const { worker } = this;
    if (worker === undefined) throw new Error("there is no worker");
    return new Promise((resolve) => {
      const fail = (error: string) => {
        clearTimeout(timer);
        this.end();
        resolve({ outcome: { error, output: [], hostCalls: [], time, memory: undefined } });
      };
      const timer = setTimeout(
        () =>
          fail(
            `It took longer than ${time} ms, and was ended. The next call starts the plugin anew.`,
          ),
        time,
      );
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = (event) => fail(event.message);
      worker.postMessage(message);
    });
  }
}
