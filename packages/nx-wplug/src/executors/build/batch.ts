import type { ExecutorContext, TaskGraph } from "@nx/devkit";

import { buildExecutor } from "./executor";
import type { BuildExecutorSchema } from "./schema";

/** What Nx is told about a task of a batch, as soon as it has ended. */
interface BatchResult {
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    readonly terminalOutput: string;
    /** Milliseconds since the epoch. */
    readonly startTime: number;
    readonly endTime: number;
  };
}

/**
 * Builds many plugins in one process, for `nx run-many -t build --batch`: one after the other, as all but the first profit
 * from a compiler that has worked before.
 */
export async function* buildBatch(
  taskGraph: TaskGraph,
  options: Readonly<Record<string, BuildExecutorSchema>>,
  _overrides: BuildExecutorSchema,
  context: ExecutorContext,
): AsyncGenerator<BatchResult> {
  for (const [task, { target }] of Object.entries(taskGraph.tasks)) {
    const startTime = Date.now();
    const { success, terminalOutput } = await withOutput(() =>
      buildExecutor(options[task] ?? { main: "" }, { ...context, projectName: target.project }),
    );
    yield { task, result: { success, terminalOutput, startTime, endTime: Date.now() } };
  }
}

/** Nx caches the output of a task with its files, so what a task prints must be known to be its own. */
async function withOutput(
  body: () => Promise<{ success: boolean }>,
): Promise<{ success: boolean; terminalOutput: string }> {
  const { log, error } = console;
  const lines: string[] = [];
  console.log = console.error = (...text: unknown[]) => void lines.push(text.join(" "));
  try {
    const { success } = await body();
    return { success, terminalOutput: lines.join("\n") + "\n" };
  } catch (reason) {
    // A bug of ours: this task's, and no reason not to build the others.
    const trace = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    return { success: false, terminalOutput: [...lines, trace, ""].join("\n") };
  } finally {
    console.log = log;
    console.error = error;
  }
}
