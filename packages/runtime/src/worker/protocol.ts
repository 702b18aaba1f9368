import type { ErrorRecord } from "../errors/error-record.js";
import type { ReportedService, StartReport } from "../instance/start-report.js";
import type { WasmModule } from "../module/wasm-api.js";
import type { Clock } from "../options/clock.js";
import type { Limits } from "../options/limits.js";
import type { FileQuestion } from "./remote-files.js";

/** What the host's thread sends to a worker that is not waiting. */
export type WorkerRequest = StartRequest | CallRequest | ProgramRequest;

/** What a thread has to know to run a module in a sandbox. */
export interface SandboxRequest {
  /** What errors call the module. */
  readonly name: string;
  readonly module: WasmModule;
  /** Whether the module asks for fuel. */
  readonly isMetered: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limits: Limits;
  /** File systems to ask for: where the module sees them. */
  readonly files: readonly { readonly mount: string; readonly writable: boolean }[];
  /** Whether to ask for the time, and for random numbers. */
  readonly asksClock: boolean;
  readonly asksRandom: boolean;
  /** undefined where threads can't share memory: then there are no questions. */
  readonly mailbox: SharedArrayBuffer | undefined;
}

/** Starts a plugin, which is called then. */
export interface StartRequest extends SandboxRequest {
  readonly kind: "start";
  readonly service: ReportedService;
  readonly functions: readonly { readonly module: string; readonly name: string }[];
}

/** Runs a program. */
export interface ProgramRequest extends SandboxRequest {
  readonly kind: "program";
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
  /** The thread runs: from now on it is the module that takes time. */
  | { readonly kind: "starting" }
  | {
      readonly kind: "started";
      readonly report: StartReport;
      readonly memory: number;
      readonly fuel: number;
    }
  /** A start, or a program, has failed. */
  | { readonly kind: "failed"; readonly error: ErrorRecord }
  /** A program has ended. */
  | { readonly kind: "exited"; readonly code: number }
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
