import type { HostFunction } from "../descriptors/host-function.js";
import { toErrorRecord } from "../errors/error-record.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { startReport } from "../instance/start-report.js";
import { PluginModule } from "../module/plugin-module.js";
import { runInstance } from "../instance/program.js";
import type { Clock } from "../options/clock.js";
import type { SandboxOptions } from "../wasi/sandbox.js";
import { Mailbox, readLetter } from "./mailbox.js";
import type {
  CallRequest,
  Letter,
  ProgramRequest,
  Question,
  SandboxRequest,
  StartRequest,
  WorkerMessage,
  WorkerRequest,
} from "./protocol.js";
import { RawMessage } from "./raw-message.js";
import { RemoteFiles } from "./remote-files.js";

/** Sends to the host's thread. */
export type Post = (message: WorkerMessage, transfer?: readonly ArrayBufferLike[]) => void;

/** An rpc, whose messages nobody looks into here. */
interface RawMethod {
  readonly name: string;
  readonly wasmName: string;
  readonly output: typeof RawMessage;
}

interface Answer {
  readonly value: unknown;
  readonly bytes: Uint8Array;
}

/**
 * Runs one plugin or program for another thread. It passes messages on as bytes: the generated classes are in the other thread.
 *
 * @returns takes what the other thread sends
 */
export function serve(post: Post): (request: WorkerRequest) => void {
  let instance: PluginInstance | undefined;
  let mailbox: Mailbox | undefined;
  let methods: readonly RawMethod[] = [];

  async function start(request: StartRequest): Promise<void> {
    post({ kind: "starting" });
    methods = Object.entries(request.service.methods).map(([name, { wasmName }]) => ({
      name,
      wasmName,
      output: RawMessage,
    }));
    try {
      instance = await PluginInstance.create(received(request), {
        ...sandboxOf(request),
        libraries: [{ functions: request.functions.map(hostFunction) }],
      });
      const report = startReport(instance, request.service);
      post({ kind: "started", report, memory: instance.memoryBytes, fuel: instance.fuel });
    } catch (error) {
      post({ kind: "failed", error: toErrorRecord(error) });
    }
  }

  async function run(request: ProgramRequest): Promise<void> {
    post({ kind: "starting" });
    try {
      post({ kind: "exited", code: await runInstance(received(request), sandboxOf(request)) });
    } catch (error) {
      post({ kind: "failed", error: toErrorRecord(error) });
    }
  }

  /** Options by which the other thread is asked for all that it has. */
  function sandboxOf(request: SandboxRequest): SandboxOptions & Pick<SandboxRequest, "limits"> {
    const { args, env, limits, files, asksClock, asksRandom } = request;
    if (request.mailbox !== undefined) mailbox = new Mailbox(request.mailbox);
    return {
      args,
      env,
      limits,
      stdout: output("stdout"),
      stderr: output("stderr"),
      files: Object.fromEntries(
        files.map(({ mount, writable }) => [mount, new RemoteFiles(mount, writable, ask)]),
      ),
      clock: asksClock ? remoteClock : undefined,
      random: asksRandom ? remoteRandom : undefined,
    };
  }

  function output(stream: "stdout" | "stderr"): { write(chunk: Uint8Array): void } {
    return {
      write: (chunk) => {
        const bytes = chunk.slice();
        post({ kind: "output", stream, bytes }, [bytes.buffer]);
      },
    };
  }

  function hostFunction(
    { module, name }: { readonly module: string; readonly name: string },
    index: number,
  ): HostFunction<RawMessage, RawMessage> {
    return {
      module,
      name,
      input: RawMessage,
      output: RawMessage,
      call: ({ bytes }) => new RawMessage(ask({ of: "host", index }, bytes).bytes),
    };
  }

  const remoteClock: Clock = {
    realtime: () => BigInt(String(ask({ of: "clock", clock: "realtime" }).value)),
    monotonic: () => BigInt(String(ask({ of: "clock", clock: "monotonic" }).value)),
  };

  function remoteRandom(bytes: Uint8Array): void {
    bytes.set(ask({ of: "random", length: bytes.length }).bytes);
  }

  /** Asks the host's thread and waits for the answer. Calls of the plugin come in between. */
  function ask(question: Question, bytes: Uint8Array = new Uint8Array(0)): Answer {
    if (mailbox === undefined) throw new Error("threads can't share memory here");
    post({ kind: "question", question, bytes }, [bytes.buffer]);
    for (;;) {
      const { head, bytes } = readLetter<Letter>(mailbox.receive(() => post({ kind: "more" })));
      if (head.kind === "answer") return { value: head.value, bytes };
      if (head.kind === "failure") {
        throw Object.assign(
          new Error(head.reason),
          head.code === undefined ? {} : { code: head.code },
        );
      }
      call([head.id, head.method, bytes]);
    }
  }

  function call([id, number, request]: CallRequest): void {
    const method = methods[number];
    if (instance === undefined || method === undefined) return;
    try {
      const { bytes } = instance.callEncoded(method, request);
      const { memoryBytes, fuel, module } = instance;
      post(module.isMetered ? [id, bytes, memoryBytes, fuel] : [id, bytes, memoryBytes], [
        bytes.buffer,
      ]);
    } catch (error) {
      const { fuel, retired } = instance;
      post({ kind: "error", id, error: toErrorRecord(error), fuel, retired });
    }
  }

  return (request) => {
    if (!("kind" in request)) call(request);
    else if (request.kind === "start") void start(request);
    else void run(request);
  };
}

function received({ name, module, isMetered }: SandboxRequest): PluginModule {
  return PluginModule.received(name, module, isMetered);
}
