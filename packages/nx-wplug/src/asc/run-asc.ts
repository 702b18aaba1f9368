import { join } from "node:path";
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

/** Runs the compiler in a thread of its own. A crash of the compiler is a failure like any other. */
export function runAsc(job: AscJob): Promise<AscOutcome> {
  return new Promise((resolve) => {
    const failed = (failure: string) => resolve({ binary: undefined, diagnostics: [], failure });
    const worker = new Worker(join(__dirname, "asc-worker.mjs"), {
      workerData: job,
      // The parent's may not suit a thread, and the compiler reads its own options from argv.
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
    });
    let crash: string | undefined;
    worker.on("message", (message: AscOutcome | { readonly crash: string }) => {
      if ("crash" in message) crash = message.crash;
      else resolve(message);
    });
    worker.on("error", (error) => failed(`the AssemblyScript compiler failed: ${error.message}`));
    worker.on("exit", () => failed(crashText(crash)));
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
