import type { HostCallOptions } from "../descriptors/host-call-options.js";
import type { CallOptions } from "../options/call-options.js";

/**
 * A call during which the plugin calls host functions, and what these are told of it. Its signal is made once somebody asks for it: most
 * host functions wait for nothing, and to make one takes longer than they do.
 */
export class CallScope implements HostCallOptions {
  readonly context: unknown;
  readonly #given: AbortSignal | undefined;
  readonly #outer: CallScope | undefined;
  #controller: AbortController | undefined;
  #state: "running" | "ended" | { readonly reason: unknown } = "running";

  /** @param outer that of the call inside of which it is made */
  constructor(given: CallOptions | undefined, outer?: CallScope) {
    this.context = given?.context;
    this.#given = given?.signal;
    this.#outer = outer;
  }

  get outer(): CallScope | undefined {
    return this.#outer;
  }

  get signal(): AbortSignal {
    this.#controller ??= this.#makeController();
    return this.#controller.signal;
  }

  /** The call was answered, or the plugin has answered with an error. What it has left running may go on. */
  end(): void {
    if (this.#state !== "running") return;
    this.#state = "ended";
    if (this.#controller !== undefined) this.#given?.removeEventListener("abort", this);
  }

  /** Nobody waits for the call any more. Listeners of the signal, which are the application's, run now. They can't throw. */
  abort(error: unknown): void {
    if (this.#state !== "running") return;
    this.end();
    const reason: unknown = this.#given?.aborted === true ? this.#given.reason : error;
    this.#state = { reason };
    this.#controller?.abort(reason);
  }

  /** The signal of the caller is aborted. */
  handleEvent(): void {
    this.abort(undefined);
  }

  #makeController(): AbortController {
    const controller = new AbortController();
    if (this.#state === "running") {
      if (this.#given?.aborted === true) this.abort(undefined);
      else this.#given?.addEventListener("abort", this);
    }
    if (typeof this.#state === "object") controller.abort(this.#state.reason);
    return controller;
  }
}
