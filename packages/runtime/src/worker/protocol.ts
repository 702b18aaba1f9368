import type { ErrorRecord } from "../errors/error-record.js";
import type { Limits } from "../client/load-options.js";
import type { ReportedService } from "../instance/start-report.js";
import type { WasmModule } from "../module/wasm-api.js";
import type { StartReport } from "../runner/plugin-runner.js";
import type { Clock } from "../wasi/clock.js";
import type { FileQuestion } from "./remote-files.js";

/** What the host's thread sends to a worker that is not waiting. */
export type WorkerRequest = StartRequest | CallRequest;

export interface StartRequest {
  readonly kind: "start";
  /** What errors call the plugin. */
  readonly name: string;
  readonly module: WasmModule;
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

export interface CallRequest {
  readonly kind: "call";
  readonly id: number;
  /** `sayHello`, for errors. */
  readonly name: string;
  readonly wasmName: string;
  readonly bytes: Uint8Array;
}

/** What a worker sends. */
export type WorkerMessage =
  /** The thread runs: from now on it is the plugin that takes time. */
  | { readonly kind: "starting" }
  | { readonly kind: "started"; readonly report: StartReport; readonly memory: number }
  | { readonly kind: "failed"; readonly error: ErrorRecord }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly memory: number;
    }
  | {
      readonly kind: "error";
      readonly id: number;
      readonly error: ErrorRecord;
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
  | Omit<CallRequest, "bytes">;
