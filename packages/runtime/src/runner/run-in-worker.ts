import { abortedError, timeoutError } from "../instance/call-limits.js";
import type { ProgramOptions } from "../instance/program.js";
import type { PluginModule } from "../module/plugin-module.js";
import { checkSignal } from "./check-signal.js";
import { Clocks } from "./clocks.js";
import { receivedError } from "./received-error.js";
import { SandboxThread } from "./sandbox-thread.js";

/**
 * As `runInstance`, in a thread of its own, which is ended with the program.
 *
 * @returns the exit code
 * @throws as `runInstance`; PluginLoadError if it can't run in a worker
 */
export async function runInWorker(module: PluginModule, options: ProgramOptions): Promise<number> {
  const { name } = module;
  const { signal, limits } = options;
  const { program } = await import("#worker-program");
  checkSignal(name, { signal });
  return new Promise((resolve, reject) => {
    const clocks = new Clocks();
    const thread = new SandboxThread(module, options, program, {
      message: (message) => {
        if (!("kind" in message)) return;
        switch (message.kind) {
          case "starting":
            clocks.start(limits?.time, onTimeout);
            break;
          case "exited":
            end(() => resolve(message.code));
            break;
          case "failed":
            fail(receivedError(message.error, module));
            break;
        }
      },
      failed: fail,
    });
    const onTimeout = (): void => fail(timeoutError(name, limits?.time ?? 0, thread.stderrLines()));
    const onAbort = (): void => signal && fail(abortedError(name, signal));
    signal?.addEventListener("abort", onAbort, { once: true });
    thread.start({ kind: "program", ...thread.request() });

    function fail(error: Error): void {
      end(() => reject(error));
    }

    /** Called once, as nothing comes from the thread, the clock or the signal afterwards. */
    function end(settle: () => void): void {
      const terminated = thread.terminate();
      clocks.stopAll();
      signal?.removeEventListener("abort", onAbort);
      thread.close();
      void terminated.then(settle);
    }
  });
}
