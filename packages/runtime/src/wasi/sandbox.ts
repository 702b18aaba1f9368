import { fillRandom, stderr as standardError, stdout as standardOutput } from "#platform";
import { GuestMemory } from "../memory/guest-memory.js";
import type { LoadOptions } from "../options/load-options.js";
import { firstDescriptors, type Descriptors } from "./descriptors.js";
import { OutputBudget } from "./output-budget.js";
import { OutputTail } from "./output-tail.js";
import { createOutput, type Output } from "./output.js";
import { systemClock } from "./system-clock.js";
import type { WasiContext } from "./wasi-context.js";

/** The options of plugins that programs have as well. */
export type SandboxOptions = Pick<
  LoadOptions,
  "stdout" | "stderr" | "env" | "args" | "files" | "clock" | "random"
> & { readonly limits?: Pick<NonNullable<LoadOptions["limits"]>, "output"> | undefined };

/** What wasm has of the host beside functions: its memory, where its output goes, its files. */
export class Sandbox {
  readonly memory = new GuestMemory();
  private readonly options: SandboxOptions;
  private readonly budget: OutputBudget;
  private readonly stdout: Output;
  private readonly stderr: OutputTail;
  private readonly reports: OutputTail;
  private readonly descriptors: Descriptors;

  /** @param reportsOn where the toolchain of the plugin reports panics */
  constructor(options: SandboxOptions, reportsOn: "stdout" | "stderr" = "stderr") {
    const budget = new OutputBudget(options.limits?.output);
    this.options = options;
    this.budget = budget;
    const stdout = budget.limit(createOutput("stdout", options.stdout, standardOutput));
    this.stderr = new OutputTail(
      budget.limit(createOutput("stderr", options.stderr, standardError)),
    );
    this.reports = reportsOn === "stderr" ? this.stderr : new OutputTail(stdout);
    this.stdout = reportsOn === "stderr" ? stdout : this.reports;
    this.descriptors = firstDescriptors(this.stdout, this.stderr, options.files ?? {});
  }

  /** What WASI works on. */
  context(waiting?: WasiContext["waiting"]): WasiContext {
    const { args = [], env = {}, clock = systemClock, random = fillRandom } = this.options;
    const { memory, descriptors } = this;
    return { memory, descriptors, args, env, clock, fillRandom: random, waiting };
  }

  /** The last lines of stderr, for errors. */
  stderrLines(): string[] {
    return this.stderr.lines();
  }

  /** The last lines of where panics are reported. */
  reportLines(): string[] {
    return this.reports.lines();
  }

  /** Lets the next call write as much as one may. */
  refillOutput(): void {
    this.budget.refill();
  }

  /** Lets go of all of it. */
  close(): void {
    this.memory.detach();
    this.descriptors.closeAll();
    this.stdout.end();
    this.stderr.end();
  }
}
