/** What the page and the worker, in which the plugin runs, say to each other. */
import type { Json } from "./json";

export interface StartRequest {
  readonly wasm: Uint8Array;
  readonly service: string;
  readonly version: number;
  readonly hostFunctions: readonly MockedFunction[];
  /** The contract, by which messages are shown as JSON. */
  readonly contract: Uint8Array;
  readonly settings: Settings;
  /** A plugin may call the host while it starts. */
  readonly mocks: Mocks;
}

/** A function of the host, which the page plays. */
export interface MockedFunction {
  /** wasm import. */
  readonly module: string;
  readonly name: string;
  /** Full names of the messages. */
  readonly input: string;
  readonly output: string;
}

/** What a function of the host answers. */
export interface Mock {
  readonly kind: "form" | "json" | "script";
  /** Of the form and of JSON. */
  readonly answer: Json;
  /** The body of a JavaScript function with a parameter `request`, which may have `await` in it. */
  readonly script: string;
}

/** By import: `env.http_get`. */
export type Mocks = Readonly<Record<string, Mock>>;

/** What the plugin may have: limits are those of the runtime. */
export interface Settings {
  /** Milliseconds of a call, and of the start. */
  readonly time: number;
  /** Whether the plugin is metered: its fuel is counted then, and it computes for longer. */
  readonly isMetered: boolean;
  /** Units; undefined: no limit. */
  readonly fuel: number | undefined;
  /** MiB. */
  readonly memory: number;
  /** KiB of output of a call. */
  readonly output: number;
  /** MiB of an answer, or of a request to a function of the host. */
  readonly message: number;
  /** Texts by path: `/data/a.txt`. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** Lines of NAME=VALUE. */
  readonly env: string;
}

export interface CallRequest {
  /** wasm export. */
  readonly method: string;
  readonly name: string;
  /** Full name of the answer's message. */
  readonly output: string;
  readonly request: Uint8Array;
  readonly mocks: Mocks;
}

export type ToWorker = { readonly start: StartRequest } | { readonly call: CallRequest };

/** What a start or a call took. */
export interface Measures {
  /** Milliseconds. */
  readonly time: number;
  /** Units; undefined if they are not counted. */
  readonly fuel?: number | undefined;
}

export interface Output {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A call of a mock, in JSON. */
export interface HostCall {
  readonly name: string;
  readonly request: string;
  /** Or what went wrong; undefined while there is none. */
  readonly answer?: string;
}

/** How a call ended. */
export interface Ending extends Measures {
  readonly answer?: Uint8Array;
  /** What went wrong: its class and text. */
  readonly error?: string;
  /** Bytes of the plugin's memory. */
  readonly memory: number | undefined;
  /** How often it called functions of the host; of so many calls only the first are told. */
  readonly hostCallCount: number;
}

/** The answer as JSON, as much of it as a page can show; or why it can't be. */
export type Shown = { readonly json: string } | { readonly problem: string };

/** In the order in which things happen: of a call, output and host calls, then how it ended, then its answer in JSON. */
export type FromWorker =
  | { readonly started: Measures }
  | { readonly output: Output }
  /** The number is its place in the call. */
  | { readonly hostCall: HostCall; readonly number: number }
  | { readonly ended: Ending }
  | { readonly shown: Shown };

/** All that there is to see of a call. */
export interface Outcome extends Ending {
  readonly output: readonly Output[];
  readonly hostCalls: readonly HostCall[];
  readonly shown?: Shown;
  /** Of the plugin, if the call began with it. */
  readonly start?: Measures;
}
