import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";

/** One run of the AssemblyScript compiler. */
export interface AscJob {
  /** Command line of asc. */
  readonly arguments: readonly string[];
  /** Absolute path that the compiler's relative paths start from. */
  readonly baseDir: string;
  /** Files that are not on disk: name as the compiler asks for it -> text. */
  readonly virtualFiles: Readonly<Record<string, string>>;
  /** Import specifier -> absolute folder, the longest specifier first. */
  readonly packages: readonly (readonly [specifier: string, folder: string])[];
}

export interface AscOutcome {
  /** The module, if there were no errors. */
  readonly binary: Uint8Array | undefined;
  readonly diagnostics: readonly AscDiagnostic[];
  /** Why there is no module, where no diagnostic says it. */
  readonly failure: string | undefined;
}

export interface AscDiagnostic {
  /** 0 pedantic, 1 info, 2 warning, 3 error */
  readonly category: number;
  readonly code: number;
  readonly message: string;
  readonly place: AscPlace | undefined;
}

export interface AscPlace {
  /** As the compiler names it: `assembly/index.ts`, `~lib/@org/pkg/file.ts`. */
  readonly sourcePath: string;
  /** Absolute path. Virtual files and the standard library have none. */
  readonly file: string | undefined;
  /** Text of the whole source, where it is known. */
  readonly text: string | undefined;
  /** Distances in UTF-16 code units from the beginning of the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Threads that have compiled and wait for more: another one would have to load the compiler again.
 */
const idle: Worker[] = [];

/**
 * Runs the compiler in a thread of its own: as many as there are jobs at a time. A crash of the compiler is a failure like
 * any other.
 */
export function runAsc(job: AscJob): Promise<AscOutcome> {
  const worker = idle.pop() ?? startWorker();
  worker.ref();
  return new Promise((resolve) => {
    let crash: string | undefined;
    const settle = (outcome: AscOutcome) => {
      for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
      resolve(outcome);
    };
    const failed = (failure: string) => settle({ binary: undefined, diagnostics: [], failure });
    worker.on("message", (message: AscOutcome | { readonly crash: string }) => {
      if ("crash" in message) {
        crash = message.crash;
        return;
      }
      settle(message);
      // Waiting for another plugin is no reason to go on running.
      worker.unref();
      idle.push(worker);
    });
    worker.on("error", (error) => failed(`the AssemblyScript compiler failed: ${error.message}`));
    worker.on("exit", () => failed(crashText(crash)));
    worker.postMessage(job);
  });
}

/**
 * How many bytes of a WebAssembly function V8 runs before it optimizes it, about: far more than by default. Binaryen, the
 * compiler's optimizer, has functions that V8 takes up to a second to optimize, and a plugin is compiled before that pays.
 * docs/rationale.md has the figures.
 */
const WASM_TIERING_BUDGET = 900_000_000;

function startWorker(): Worker {
  // Of the whole process, as V8 has no flags of a thread. A V8 that does not know it any more would say so and go on.
  setFlagsFromString(`--wasm-tiering-budget=${WASM_TIERING_BUDGET}`);
  return new Worker(join(__dirname, "asc-worker.mjs"), {
    // The parent's may not suit a thread, and the compiler reads its own options from argv.
    execArgv: [],
    argv: [],
    stdout: true,
    stderr: true,
  });
}

/** The line of the compiler's report that says what happened. */
function crashText(report: string | undefined): string {
  const line = report
    ?.split("\n")
    .map((text) => text.replace(/^[\s▌]+/, "").trim())
    .find((text) => /^\w*(Error|Exception)\b/.test(text));
  return `the AssemblyScript compiler crashed${line === undefined ? "" : `: ${line}`}`;
}
