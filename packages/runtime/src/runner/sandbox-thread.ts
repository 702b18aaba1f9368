import { spawnWorker, stderr as standardError, stdout as standardOutput } from "#platform";
import { PluginLoadError, PluginTrapError } from "../errors/plugin-errors.js";
import { reasonOf } from "../errors/reason-of.js";
import { WplugError } from "../errors/wplug-error.js";
import { NO_BYTES } from "../messages/wire/no-bytes.js";
import type { PluginModule } from "../module/plugin-module.js";
import { WASI_MODULE } from "../module/wasi-module.js";
import type { SpawnedWorker } from "../platform/spawned-worker.js";
import { OutputTail } from "../wasi/output-tail.js";
import { createOutput, type Output } from "../wasi/output.js";
import type { SandboxOptions } from "../wasi/sandbox.js";
import { failureOf, HostAnswers, type LetterWithBytes } from "../worker/host-answers.js";
import { Mailbox, writeLetter } from "../worker/mailbox.js";
import type { SandboxRequest, WorkerMessage, WorkerRequest } from "../worker/protocol.js";

/** What the owner of a thread is told. */
export interface ThreadEvents {
  /** A message about anything but the sandbox. */
  message(message: WorkerMessage): void;
  /** The thread failed, or something that the options gave it. What runs there must not go on. */
  failed(error: Error): void;
}

/** A thread with a sandbox, seen from the host's, where all is that the options give it: output, files, clock, random numbers. */
export class SandboxThread {
  private readonly module: PluginModule;
  private readonly options: SandboxOptions;
  private readonly events: ThreadEvents;
  private readonly mailbox: Mailbox | undefined;
  private readonly answers: HostAnswers;
  private readonly stdout: Output;
  private readonly stderr: OutputTail;
  private readonly worker: SpawnedWorker;
  private terminated = false;

  /**
   * @param program what runs in it: that of `#worker-program`
   * @throws PluginLoadError if threads can't do here what is needed
   */
  constructor(
    module: PluginModule,
    options: SandboxOptions,
    program: string,
    events: ThreadEvents,
  ) {
    this.module = module;
    this.options = options;
    this.events = events;
    this.stdout = createOutput("stdout", options.stdout, standardOutput);
    this.stderr = new OutputTail(createOutput("stderr", options.stderr, standardError));
    this.answers = new HostAnswers(options);
    const asks =
      module.imports.some((needed) => needed.module !== WASI_MODULE) ||
      (options.files ?? options.clock ?? options.random) !== undefined;
    if (typeof SharedArrayBuffer === "function") this.mailbox = new Mailbox();
    else if (asks) throw noSharedMemory(module.name);
    this.worker = spawnWorker(program, {
      message: (message) => this.receive(message as WorkerMessage),
      error: (error) => {
        const reason = `the worker of ${module.name} failed: ${reasonOf(error)}`;
        this.fail(new PluginTrapError(reason, { stderr: this.stderrLines(), cause: error }));
      },
    });
  }

  /** What the thread has to know to make the sandbox. */
  request(): SandboxRequest {
    const { module, mailbox } = this;
    const { args = [], env = {}, limits = {}, files = {}, clock, random } = this.options;
    return {
      name: module.name,
      module: module.module,
      isMetered: module.isMetered,
      args: [...args],
      env: { ...env },
      // The time is measured here, where the thread can be ended.
      limits: { ...limits, time: undefined, slice: undefined },
      files: Object.entries(files).map(([mount, { writable }]) => ({ mount, writable })),
      asksClock: clock !== undefined,
      asksRandom: random !== undefined,
      mailbox: mailbox?.buffer,
    };
  }

  /** The last lines of stderr, for errors. */
  stderrLines(): string[] {
    return this.stderr.lines();
  }

  /** Sends what the thread is for. */
  start(request: WorkerRequest): void {
    try {
      this.post(request);
    } catch (error) {
      // An option that can't be sent to a thread.
      this.fail(new PluginLoadError(`${this.module.name} can't be started: ${reasonOf(error)}`));
    }
  }

  /** Sends something to a thread that is not waiting. */
  post(request: WorkerRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.worker.busy();
    this.worker.post(request, transfer);
  }

  /** Sends something to a thread that waits. */
  send({ head, bytes = NO_BYTES }: LetterWithBytes): void {
    this.mailbox?.send(writeLetter(head, bytes));
  }

  /** Sends a thread what it waits for. If that can't be sent, it is told so: it would wait for ever. */
  answer(letter: LetterWithBytes): void {
    try {
      this.send(letter);
    } catch (error) {
      this.send({ head: failureOf(error) });
    }
  }

  /** Nothing is asked of it: it may be forgotten when the program ends. */
  idle(): void {
    this.worker.idle();
  }

  /** Ends the thread. Nothing is heard of it from now on. */
  terminate(): Promise<void> {
    this.terminated = true;
    return this.worker.terminate();
  }

  /** Closes the files that were left open, and ends the output, which may run code of the application. */
  close(): void {
    this.answers.close();
    this.stdout.end();
    this.stderr.end();
  }

  private receive(message: WorkerMessage): void {
    if (this.terminated) return;
    if ("kind" in message) {
      switch (message.kind) {
        case "output":
          this.write(message.stream === "stdout" ? this.stdout : this.stderr, message.bytes);
          return;
        case "question":
          if (message.question.of === "host") break;
          this.answer(this.answers.answer(message.question, message.bytes));
          return;
        case "more":
          this.mailbox?.sendPart();
          return;
      }
    }
    this.events.message(message);
  }

  private write(output: Output, bytes: Uint8Array): void {
    try {
      output.write(bytes);
    } catch (error) {
      this.fail(error instanceof Error ? error : new WplugError(reasonOf(error)));
    }
  }

  private fail(error: Error): void {
    if (!this.terminated) this.events.failed(error);
  }
}

function noSharedMemory(name: string): PluginLoadError {
  return new PluginLoadError(
    `${name} calls host functions or uses files, which needs shared memory to run it in a worker: serve the page with the headers ` +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  );
}
