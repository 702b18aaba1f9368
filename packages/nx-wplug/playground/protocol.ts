/** What the page and the worker, in which the plugin runs, say to each other. */
export interface StartRequest {
  readonly wasm: Uint8Array;
  readonly service: string;
  readonly version: number;
  readonly hostFunctions: readonly MockedFunction[];
  /** The contract, for mocks in JavaScript. */
  readonly contract: Uint8Array;
  readonly settings: Settings;
}

/** A function of the host, as its author in the page wants it. */
export interface MockedFunction {
  /** wasm import. */
  readonly module: string;
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** The answer in JSON, or the body of a JavaScript function with a parameter `request`. */
  readonly mock: Mock;
}

export type Mock =
  | { readonly kind: "answer"; readonly json: string }
  | { readonly kind: "script"; readonly body: string };

export interface Settings {
  /** Milliseconds of a call. */
  readonly time: number;
  /** MiB. */
  readonly memory: number;
  /** Texts by path: `/data/a.txt`. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** Lines of NAME=VALUE. */
  readonly env: string;
}

export interface CallRequest {
  /** wasm export. */
  readonly method: string;
  readonly name: string;
  readonly request: Uint8Array;
}

export type ToWorker = { readonly start: StartRequest } | { readonly call: CallRequest };

/** A call of a mock, in JSON. */
export interface HostCall {
  readonly name: string;
  readonly request: string;
  /** Or what went wrong. */
  readonly answer: string;
}

export interface Outcome {
  readonly answer?: Uint8Array;
  /** What went wrong: its class and text. */
  readonly error?: string;
  readonly output: readonly { readonly stream: "stdout" | "stderr"; readonly text: string }[];
  readonly hostCalls: readonly HostCall[];
  /** Milliseconds. */
  readonly time: number;
  /** Bytes of the plugin's memory. */
  readonly memory: number | undefined;
}

export type FromWorker = { readonly started: true } | { readonly outcome: Outcome };
