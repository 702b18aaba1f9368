import type { HostCallOptions } from "../descriptors/host-call-options.js";
import type { CallOptions } from "../options/call-options.js";

/** A call during which the plugin calls host functions. */
export class CallScope {
  /** What the host functions are told. */
  readonly options: HostCallOptions;
  private readonly given: CallOptions | undefined;
  /** Only once somebody asks for its signal: most host functions wait for nothing. */
  private controller: AbortController | undefined;
  private state: "running" | "ended" | { readonly reason: unknown } = "running";

  constructor(given: CallOptions | undefined) {
    this.given = given;
    const signal = (): AbortSignal => this.signal();
    this.options = {
      context: given?.context,
      // Of its own, so that it is in copies as well: `{ ...options }`.
      get signal() {
        return signal();
      },
    };
  }

  /** The call was answered, or the plugin has answered with an error. What it has left running may go on. */
  end(): void {
    if (this.state !== "running") return;
    this.state = "ended";
    this.given?.signal?.removeEventListener("abort", this);
  }

  /** Nobody waits for the call any more. Listeners of the signal, which are the application's, run now. They can't throw. */
  abort(error: unknown): void {
    if (this.state !== "running") return;
    this.end();
    const { signal } = this.given ?? {};
    const reason: unknown = signal?.aborted === true ? signal.reason : error;
    this.state = { reason };
    this.controller?.abort(reason);
  }

  /** The signal of the caller is aborted. */
  handleEvent(): void {
    this.abort(undefined);
  }

  private signal(): AbortSignal {
    const { state, given } = this;
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (typeof state === "object") this.controller.abort(state.reason);
      else if (state === "running") given?.signal?.addEventListener("abort", this);
      if (state === "running" && given?.signal?.aborted === true) this.handleEvent();
    }
    return this.controller.signal;
  }
}
