import type { ErrorRecord } from "../errors/error-record.js";
import type { ReportedService, StartReport } from "../instance/start-report.js";
import type { WasmModule } from "../module/wasm-api.js";
import type { Clock } from "../options/clock.js";
import type { Limits } from "../options/limits.js";
import type { FileQuestion } from "./remote-files.js";

/** What the host's thread sends to a worker that is not waiting. */
export type WorkerRequest = StartRequest | CallRequest;

export interface StartRequest {
  readonly kind: "start";
  /** What errors call the plugin. */
  readonly name: string;
  readonly module: WasmModule;
  /** Whether the module asks for fuel. */
  readonly isMetered: boolean;
  readonly service: ReportedService;
  readonly functions: readonly { readonly module: string; readonly name: string }[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** File systems to ask for: where the plugin sees them. */
  readonly files: readonly { readonly mount: string; readonly writable: boolean }[];
  /** Whether to ask for the time, and for random numbers. */
  readonly asksClock: boolean;
  readonly asksRandom: boolean;
  /** undefined where threads can't share memory: then there are no questions. */
  readonly mailbox: SharedArrayBuffer | undefined;
}

/**
 * A call: its id, the number of the method among those of the service, the request. Calls and answers are tuples: to write and
 * read the keys of objects takes longer than all else that the threads do for a small message.
 */
export type CallRequest = readonly [id: number, method: number, bytes: Uint8Array];

/** An answer: the id of the call, the answer, the size of the plugin's memory in bytes, the fuel that it has used if it is metered. */
export type CallAnswer = readonly [id: number, bytes: Uint8Array, memory: number, fuel?: number];

/** What a worker sends. */
export type WorkerMessage =
  | CallAnswer
  /** The thread runs: from now on it is the plugin that takes time. */
  | { readonly kind: "starting" }
  | {
      readonly kind: "started";
      readonly report: StartReport;
      readonly memory: number;
      readonly fuel: number;
    }
  | { readonly kind: "failed"; readonly error: ErrorRecord }
  | {
      readonly kind: "error";
      readonly id: number;
      readonly error: ErrorRecord;
      readonly fuel: number;
      /** Whether the instance is retired. */
      readonly retired: boolean;
    }
  | { readonly kind: "output"; readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  /** The worker waits for an answer in its mailbox. */
  | { readonly kind: "question"; readonly question: Question; readonly bytes: Uint8Array }
  /** The worker has read a part of a letter and waits for the next. */
  | { readonly kind: "more" };

export type Question =
  | HostQuestion
  | FileQuestion
  /** The answer is a decimal number. */
  | { readonly of: "clock"; readonly clock: keyof Clock }
  /** The answer is so many bytes. */
  | { readonly of: "random"; readonly length: number };

export interface HostQuestion {
  readonly of: "host";
  /** Index in `functions`. */
  readonly index: number;
}

/** What the host's thread puts into the mailbox of a worker that waits. */
export type Letter =
  | { readonly kind: "answer"; readonly value?: unknown }
  | { readonly kind: "failure"; readonly reason: string; readonly code: string | undefined }
  | { readonly kind: "call"; readonly id: number; readonly method: number };
