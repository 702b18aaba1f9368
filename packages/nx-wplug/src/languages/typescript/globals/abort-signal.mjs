/* global DOMException, setTimeout */
/**
 * https://dom.spec.whatwg.org/#aborting-ongoing-activities, on the events of a package: those that have signals are not kept any more, or
 * abort them twice.
 */
import {
  Event,
  EventTarget,
  getEventAttributeValue,
  setEventAttributeValue,
} from "event-target-shim";

/** What makes signals, which authors can't. */
const token = {};

/** @type {(signal: AbortSignal, reason: unknown) => void} */
let abort;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;

  static {
    abort = (signal, reason = new DOMException("This operation was aborted", "AbortError")) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason;
      signal.dispatchEvent(new Event("abort"));
    };
  }

  constructor(made) {
    if (made !== token) throw new TypeError("Illegal constructor");
    super();
  }

  static abort(reason) {
    const signal = new AbortSignal(token);
    abort(signal, reason);
    return signal;
  }

  static timeout(milliseconds) {
    const signal = new AbortSignal(token);
    const late = () =>
      abort(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    setTimeout(late, milliseconds);
    return signal;
  }

  static any(signals) {
    const signal = new AbortSignal(token);
    const sources = [...signals];
    const done = sources.find(({ aborted }) => aborted);
    if (done !== undefined) {
      abort(signal, done.reason);
      return signal;
    }
    const follow = ({ target }) => {
      for (const source of sources) source.removeEventListener("abort", follow);
      abort(signal, target.reason);
    };
    for (const source of sources) source.addEventListener("abort", follow);
    return signal;
  }

  get aborted() {
    return this.#aborted;
  }

  get reason() {
    return this.#reason;
  }

  get onabort() {
    return getEventAttributeValue(this, "abort");
  }

  set onabort(listener) {
    setEventAttributeValue(this, "abort", listener);
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  get [Symbol.toStringTag]() {
    return "AbortSignal";
  }
}

export class AbortController {
  #signal = new AbortSignal(token);

  get signal() {
    return this.#signal;
  }

  abort(reason) {
    abort(this.#signal, reason);
  }

  get [Symbol.toStringTag]() {
    return "AbortController";
  }
}
