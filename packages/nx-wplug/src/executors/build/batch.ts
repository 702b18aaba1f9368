import { availableParallelism } from "node:os";

import type { ExecutorContext, TaskGraph } from "@nx/devkit";

import { buildPlugin } from "./build-plugin";
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
 * Builds many plugins in one process, for `nx run-many -t build --batch`: as many at a time as there are processors, since
 * Nx does not tell a batch of its option `--parallel`. All but the first of each thread profit from a compiler that has
 * worked before.
 */
export async function* buildBatch(
  taskGraph: TaskGraph,
  options: Readonly<Record<string, BuildExecutorSchema>>,
  _overrides: BuildExecutorSchema,
  context: ExecutorContext,
): AsyncGenerator<BatchResult> {
  const waiting = Object.entries(options);
  const running = new Map<string, Promise<BatchResult>>();
  for (;;) {
    while (running.size < availableParallelism()) {
      const next = waiting.shift();
      if (next === undefined) break;
      const [task, taskOptions] = next;
      const projectName = taskGraph.tasks[task]?.target.project;
      running.set(
        task,
        build(task, taskOptions, { ...context, ...(projectName !== undefined && { projectName }) }),
      );
    }
    if (running.size === 0) return;
    const ended = await Promise.race(running.values());
    running.delete(ended.task);
    yield ended;
  }
}

/** Nx caches the output of a task with its files, so what a task prints must be known to be its own. */
async function build(
  task: string,
  options: BuildExecutorSchema,
  context: ExecutorContext,
): Promise<BatchResult> {
  const startTime = Date.now();
  const lines: string[] = [];
  const print = (text: string) => void lines.push(text);
  let success = false;
  try {
    ({ success } = await buildPlugin(options, context, { log: print, error: print }));
  } catch (reason) {
    // A bug of ours: this task's, and no reason not to build the others.
    print(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
  }
  const terminalOutput = lines.join("\n") + "\n";
  return { task, result: { success, terminalOutput, startTime, endTime: Date.now() } };
}
