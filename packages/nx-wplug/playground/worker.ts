import { MemoryFiles } from "@wplug/runtime";
import type { ServiceDescriptor } from "@wplug/runtime/codegen";

import { goName, wasmName } from "../src/contract/model/names";
import { CallLog } from "./call-log";
import { clip } from "./clip";
import { type Contract, jsonOf, messageOf, readContract } from "./contract";
import { describeError } from "./describe-error";
import { mockLibrary } from "./mock-library";
import type {
  CallRequest,
  Ending,
  FromWorker,
  Measures,
  Mocks,
  Shown,
  StartRequest,
  ToWorker,
} from "./protocol";
import { RawPlugin } from "./raw-plugin";

/** Characters of an answer in JSON that are shown. */
const MOST_JSON = 100_000;

/** The thread that the page has for a plugin: it runs the whole runtime, and the page ends it if it takes too long. */
export function serveWorker(): void {
  const host = new WorkerHost((message) => postMessage(message));
  onmessage = ({ data }: MessageEvent<ToWorker>) =>
    void ("start" in data ? host.start(data.start) : host.call(data.call));
}

class WorkerHost {
  private loaded: { readonly plugin: RawPlugin; readonly contract: Contract } | undefined;
  private log: CallLog;
  private mocks: Mocks = {};
  private isMetered = false;
  /** Units that the plugin had used before. */
  private usedFuel = 0;

  constructor(private readonly post: (message: FromWorker) => void) {
    this.log = new CallLog(post);
  }

  async start(request: StartRequest): Promise<void> {
    const begin = performance.now();
    this.isMetered = request.settings.isMetered;
    this.mocks = request.mocks;
    try {
      this.loaded = await this.load(request);
      this.log.flush();
      this.post({ started: this.measures(begin) });
    } catch (error) {
      this.post({ ended: this.ending(begin, { error: describeError(error) }) });
    }
  }

  async call({ method, name, output, request, mocks }: CallRequest): Promise<void> {
    this.log = new CallLog(this.post);
    this.mocks = mocks;
    const begin = performance.now();
    let answer: Uint8Array;
    try {
      if (this.loaded === undefined) throw new Error("there is no plugin");
      answer = await this.loaded.plugin.invoke(name, method, request);
    } catch (error) {
      this.post({ ended: this.ending(begin, { error: describeError(error) }) });
      return;
    }
    this.post({ ended: this.ending(begin, { answer }) });
    this.post({ shown: shownAnswer(this.loaded.contract, output, answer) });
  }

  private ending(begin: number, result: Pick<Ending, "answer" | "error">): Ending {
    const measures = this.measures(begin);
    this.log.flush();
    const memory = this.loaded?.plugin.stats().memoryBytes;
    return { ...measures, ...result, memory, hostCallCount: this.log.hostCallCount };
  }

  private measures(begin: number): Measures {
    const time = performance.now() - begin;
    if (!this.isMetered || this.loaded === undefined) return { time };
    const { fuel: used } = this.loaded.plugin.stats();
    const fuel = used - this.usedFuel;
    this.usedFuel = used;
    return { time, fuel };
  }

  private async load(request: StartRequest) {
    const { wasm, service, version, hostFunctions, settings } = request;
    const contract = await readContract(request.contract);
    const { time, fuel, isMetered, memory, message, output, files, env } = settings;
    const plugin = await RawPlugin.load(wasm, descriptorOf(service, version, hostFunctions), {
      stdout: (text) => this.log.write("stdout", text),
      stderr: (text) => this.log.write("stderr", text),
      env: environment(env),
      ...(files.length > 0 && { files: { "/": memoryFiles(files) } }),
      libraries: [
        mockLibrary(hostFunctions, contract, () => ({ mocks: this.mocks, log: this.log })),
      ],
      limits: {
        ...(isMetered && { time, fuel }),
        memory: memory * 2 ** 20,
        message: message * 2 ** 20,
        output: output * 2 ** 10,
      },
      isolation: "inline",
    });
    return { plugin, contract };
  }
}

function descriptorOf(
  typeName: string,
  version: number,
  hostFunctions: StartRequest["hostFunctions"],
): ServiceDescriptor {
  const name = typeName.slice(typeName.lastIndexOf(".") + 1);
  return {
    typeName,
    name,
    version,
    apiVersionExport: `${wasmName(goName(name))}_api_version`,
    methods: {},
    hostFunctions: hostFunctions.map((it) => ({ module: it.module, name: it.name, rpc: it.name })),
  };
}

function environment(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

function memoryFiles(texts: StartRequest["settings"]["files"]): MemoryFiles {
  return new MemoryFiles(
    Object.fromEntries(texts.map(([path, text]) => [path.replace(/^\/+/, ""), text])),
  );
}

function shownAnswer(contract: Contract, output: string, answer: Uint8Array): Shown {
  try {
    const json = jsonOf(contract, messageOf(contract, output), answer);
    return { json: clip(JSON.stringify(json, null, 2), MOST_JSON) };
  } catch (error) {
    return { problem: describeError(error) };
  }
}
