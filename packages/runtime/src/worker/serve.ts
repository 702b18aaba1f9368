import type { HostFunction } from "../descriptors/host-function.js";
import { toErrorRecord } from "../errors/error-record.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { startReport } from "../instance/start-report.js";
import { PluginModule } from "../module/plugin-module.js";
import type { Clock } from "../options/clock.js";
import { Mailbox, readLetter } from "./mailbox.js";
import type {
  CallRequest,
  Letter,
  Question,
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
 * Runs one plugin for another thread. It passes messages on as bytes: the generated classes are in the other thread.
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
    if (request.mailbox !== undefined) mailbox = new Mailbox(request.mailbox);
    try {
      instance = await PluginInstance.create(
        PluginModule.received(request.name, request.module, request.isMetered),
        {
          args: request.args,
          env: request.env,
          limits: request.limits,
          stdout: output("stdout"),
          stderr: output("stderr"),
          files: Object.fromEntries(
            request.files.map(({ mount, writable }) => [
              mount,
              new RemoteFiles(mount, writable, ask),
            ]),
          ),
          clock: request.asksClock ? remoteClock : undefined,
          random: request.asksRandom ? remoteRandom : undefined,
          libraries: [{ functions: request.functions.map(hostFunction) }],
        },
      );
      const report = startReport(instance, request.service);
      post({ kind: "started", report, memory: instance.memoryBytes, fuel: instance.fuel });
    } catch (error) {
      post({ kind: "failed", error: toErrorRecord(error) });
    }
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
    if ("kind" in request) void start(request);
    else call(request);
  };
}
