/**
 * The globals of a plugin in TypeScript beside those of ECMAScript: `"types": ["@wplug/runtime/plugin-globals"]` in its
 * tsconfig.json, in place of those of Node and of the DOM.
 */

declare const console: {
  /** `log`, `info` and `debug` write to standard output, the others to standard error. */
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  debug(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  trace(...values: unknown[]): void;
};

/** Timers run while a call waits for a promise. Times are in milliseconds. */
declare function setTimeout<A extends unknown[]>(
  run: (...args: A) => void,
  delay?: number,
  ...args: A
): number;
declare function setInterval<A extends unknown[]>(
  run: (...args: A) => void,
  delay?: number,
  ...args: A
): number;
declare function setImmediate<A extends unknown[]>(run: (...args: A) => void, ...args: A): number;
declare function clearTimeout(timer: number | undefined): void;
declare function clearInterval(timer: number | undefined): void;
declare function clearImmediate(timer: number | undefined): void;
declare function queueMicrotask(run: () => void): void;

/** Milliseconds of a clock of the host that never goes back, and of which only differences say anything. */
declare const performance: { now(): number };

/** https://dom.spec.whatwg.org/#interface-event */
declare class Event {
  constructor(type: string, init?: { bubbles?: boolean; cancelable?: boolean; composed?: boolean });
  readonly type: string;
  readonly target: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  readonly cancelable: boolean;
  readonly defaultPrevented: boolean;
  readonly timeStamp: number;
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
}

type EventListenerOrObject = ((event: Event) => void) | { handleEvent(event: Event): void };

/** https://dom.spec.whatwg.org/#interface-eventtarget */
declare class EventTarget {
  addEventListener(
    type: string,
    listener: EventListenerOrObject | null,
    options?:
      | boolean
      | { once?: boolean; capture?: boolean; passive?: boolean; signal?: AbortSignal },
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrObject | null,
    options?: boolean | { capture?: boolean },
  ): void;
  /** Whether nobody has called `preventDefault`. */
  dispatchEvent(event: Event): boolean;
}

/** https://dom.spec.whatwg.org/#interface-AbortSignal */
declare class AbortSignal extends EventTarget {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Times are in milliseconds. */
  static timeout(milliseconds: number): AbortSignal;
  readonly aborted: boolean;
  readonly reason: unknown;
  onabort: ((event: Event) => void) | null;
  throwIfAborted(): void;
}

/** https://dom.spec.whatwg.org/#interface-abortcontroller */
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** https://webidl.spec.whatwg.org/#idl-DOMException */
declare class DOMException extends Error {
  constructor(message?: string, name?: string);
  readonly code: number;
}

/** https://encoding.spec.whatwg.org/#interface-textencoder */
declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}

/** UTF-8 alone: https://encoding.spec.whatwg.org/#interface-textdecoder */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBuffer | ArrayBufferView): string;
}

/** The host's random numbers. */
declare const crypto: {
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
};

/** https://infra.spec.whatwg.org/#forgiving-base64 */
declare function atob(text: string): string;
declare function btoa(text: string): string;

/** https://html.spec.whatwg.org/#dom-structuredclone, without transfer. */
declare function structuredClone<T>(value: T): T;

/** https://url.spec.whatwg.org/#api */
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  static parse(url: string | URL, base?: string | URL): URL | null;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  readonly searchParams: URLSearchParams;
  hash: string;
  toJSON(): string;
  toString(): string;
}

/** https://url.spec.whatwg.org/#interface-urlsearchparams */
declare class URLSearchParams {
  constructor(
    init?: string | URLSearchParams | Iterable<readonly [string, string]> | Record<string, string>,
  );
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(run: (value: string, name: string, params: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}
