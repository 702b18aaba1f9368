import { fromJson, toBinary } from "@bufbuild/protobuf";
import { MemoryFiles, type HostLibrary, type LoadOptions, type PluginSource } from "@wplug/runtime";
import {
  type Message,
  type MessageType,
  PluginClient,
  type Reader,
  type ServiceDescriptor,
  writeUnknown,
  type Writer,
} from "@wplug/runtime/codegen";

import { goName, wasmName } from "../src/contract/model/names";
import { type Contract, jsonOf, messageOf, readContract } from "./contract";
import type {
  FromWorker,
  HostCall,
  MockedFunction,
  Outcome,
  StartRequest,
  ToWorker,
} from "./protocol";

/** Characters of output that are kept of a call: a plugin that floods must not fill the page. */
const MOST_OUTPUT = 100_000;
const MOST_HOST_CALLS = 200;

/** A message that the runtime does not look into: all of it is what the runtime calls unknown fields. */
class RawMessage implements Message {
  static readonly typeName = "";
  static readonly fieldNames = {};
  $unknown: Uint8Array | undefined;

  constructor(init?: object) {
    this.$unknown = init instanceof RawMessage ? init.$unknown : undefined;
  }

  static of(bytes: Uint8Array): RawMessage {
    const message = new RawMessage();
    message.$unknown = bytes;
    return message;
  }

  encode(): Uint8Array {
    return this.$unknown ?? new Uint8Array(0);
  }

  static write(message: RawMessage, writer: Writer): void {
    writeUnknown(writer, message);
  }

  static read(message: RawMessage, reader: Reader): void {
    message.$unknown = reader.buffer.slice(reader.pos, reader.end);
    reader.pos = reader.end;
  }
}

const RAW = RawMessage as MessageType<RawMessage>;

/** A plugin of any contract. */
class AnyPlugin extends PluginClient {
  static async load(
    source: PluginSource,
    service: ServiceDescriptor,
    options: LoadOptions,
  ): Promise<AnyPlugin> {
    return new AnyPlugin(await PluginClient.open(source, service, options));
  }

  async invoke(name: string, exported: string, request: Uint8Array): Promise<Uint8Array> {
    const method = { name, wasmName: exported, input: RAW, output: RAW };
    return (await this.call(method, RawMessage.of(request))).encode();
  }
}

/** What the call that runs has done so far. */
class Log {
  private characters = 0;
  private readonly output: { stream: "stdout" | "stderr"; text: string }[] = [];
  private readonly hostCalls: HostCall[] = [];

  write(stream: "stdout" | "stderr", text: string): void {
    const room = MOST_OUTPUT - this.characters;
    if (room <= 0) return;
    this.characters += text.length;
    const shown =
      text.length > room ? `${text.slice(0, room)}\n… and more, which is not kept` : text;
    const last = this.output.at(-1);
    if (last?.stream === stream) last.text += shown;
    else this.output.push({ stream, text: shown });
  }

  hostCall(call: HostCall): void {
    if (this.hostCalls.length < MOST_HOST_CALLS) this.hostCalls.push(call);
  }

  outcome(rest: Omit<Outcome, "output" | "hostCalls">): Outcome {
    return { ...rest, output: this.output, hostCalls: this.hostCalls };
  }
}

/** The thread that the page has for a plugin: it runs the whole runtime, and the page ends it if it takes too long. */
export function serveWorker(): void {
  const post = (message: FromWorker) => postMessage(message);
  let plugin: AnyPlugin | undefined;
  let log = new Log();
  onmessage = async ({ data }: MessageEvent<ToWorker>) => {
    if ("call" in data) log = new Log();
    const start = performance.now();
    const answered = (answer?: Uint8Array, error?: unknown): Outcome =>
      log.outcome({
        ...(answer !== undefined && { answer }),
        ...(error !== undefined && { error: describe(error) }),
        time: performance.now() - start,
        memory: plugin?.stats().memoryBytes,
      });
    try {
      if ("start" in data) {
        plugin = await loadPlugin(data.start, () => log);
        post({ started: true });
        return;
      }
      const { name, method, request } = data.call;
      if (plugin === undefined) throw new Error("there is no plugin");
      post({ outcome: answered(await plugin.invoke(name, method, request)) });
    } catch (error) {
      post({ outcome: answered(undefined, error) });
    }
  };
}

async function loadPlugin(start: StartRequest, log: () => Log): Promise<AnyPlugin> {
  const { wasm, service, version, hostFunctions, settings } = start;
  const contract = await readContract(start.contract);
  const name = service.slice(service.lastIndexOf(".") + 1);
  const descriptor: ServiceDescriptor = {
    typeName: service,
    name,
    version,
    apiVersionExport: `${wasmName(goName(name))}_api_version`,
    methods: {},
    hostFunctions: hostFunctions.map((it) => ({ module: it.module, name: it.name, rpc: it.name })),
  };
  return AnyPlugin.load(wasm, descriptor, {
    stdout: (text) => log().write("stdout", text),
    stderr: (text) => log().write("stderr", text),
    env: Object.fromEntries(
      settings.env
        .split("\n")
        .filter((line) => line.includes("="))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    ),
    ...(settings.files.length > 0 && { files: { "/": memoryFiles(settings.files) } }),
    libraries: [mockLibrary(hostFunctions, contract, log)],
    limits: { memory: settings.memory << 20 },
    isolation: "inline",
  });
}

function memoryFiles(texts: StartRequest["settings"]["files"]): MemoryFiles {
  return new MemoryFiles(
    Object.fromEntries(texts.map(([path, text]) => [path.replace(/^\/+/, ""), text])),
  );
}

function mockLibrary(
  functions: readonly MockedFunction[],
  contract: Contract,
  log: () => Log,
): HostLibrary {
  return {
    functions: functions.map((mocked) => {
      const { module, name } = mocked;
      const input = messageOf(contract, mocked.input);
      const output = messageOf(contract, mocked.output);
      const { registry } = contract;
      const answer = answerOf(mocked);
      return {
        module,
        name,
        input: RAW,
        output: RAW,
        call: (request) => {
          const shown = jsonOf(contract, input, request.encode());
          const call = { name: `${module}.${name}`, request: JSON.stringify(shown, null, 2) };
          try {
            const json = answer(shown);
            const message = fromJson(output, json as never, { registry });
            log().hostCall({ ...call, answer: JSON.stringify(json, null, 2) });
            return RawMessage.of(toBinary(output, message));
          } catch (error) {
            log().hostCall({ ...call, answer: describe(error) });
            throw error;
          }
        },
      };
    }),
  };
}

function answerOf({ mock }: MockedFunction): (request: unknown) => unknown {
  if (mock.kind === "answer")
    return () => JSON.parse(mock.json === "" ? "{}" : mock.json) as unknown;
  return new Function("request", mock.body) as (request: unknown) => unknown;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}: ${error.message}`;
}
