import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";

import extism from "@extism/extism";
import * as grpc from "@grpc/grpc-js";
import { PluginModule } from "@wplug/runtime";

import { floorEcho } from "./floor-echo.mjs";
import { EchoPlugin, type Host } from "./gen/host.js";
import { inTurn } from "./in-turn.mjs";

const [folder = "", results = ""] = process.argv.slice(2);

/** No multiples of 4,096: memory.copy between blocks that lie so far apart is 20 times as slow. */
const SIZES = [16, 1000, 65_000, 1_000_000];
/** Many short rounds: the median of a few long ones says more about the neighbours than about the subjects. */
const ROUNDS = 75;
const ROUND_MS = 12;

interface Subject {
  readonly subject: string;
  readonly call: (bytes: Uint8Array) => unknown;
}

interface WasmApi {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: never };
}
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

const wasm = (name: string): Buffer => readFileSync(join(folder, name));

async function main(): Promise<void> {
  const module = await PluginModule.compile(join(folder, "plugin.wasm"));
  const host: Host = { answer: (request) => request };
  const inline = await EchoPlugin.load(module, { host });
  const worker = await EchoPlugin.load(module, { host, isolation: "worker" });
  const floorModule = new Module(wasm("floor.wasm"));
  const floor = floorEcho(new Instance(floorModule).exports);
  const thread = new Worker(join(folder, "../worker.mjs"), { workerData: floorModule });
  const viaExtism = await extism({ wasm: [{ data: new Uint8Array(wasm("extism.wasm")) }] });
  const viaGrpc = await startGrpc();

  let extismCalls = 0;
  const subjects: Subject[] = [
    { subject: "floor", call: floor },
    { subject: "wplug, sync", call: (data) => inline.sync.plain({ data }) },
    { subject: "wplug", call: (data) => inline.plain({ data }) },
    { subject: "wplug, sync, with a host function", call: (data) => inline.sync.asked({ data }) },
    {
      subject: "@extism/extism",
      call: async (bytes) => {
        // It can't be called more than 16,383 times without.
        if (++extismCalls % 500 === 0) await viaExtism.reset();
        return viaExtism.call("echo", bytes);
      },
    },
    { subject: "wplug, worker", call: (data) => worker.plain({ data }) },
    {
      subject: "postMessage",
      call: (bytes) =>
        new Promise((resolve) => {
          thread.once("message", resolve);
          const copy = bytes.slice();
          thread.postMessage(copy, [copy.buffer]);
        }),
    },
    { subject: "@grpc/grpc-js", call: viaGrpc.call },
  ];

  const rows: object[] = [];
  for (const size of SIZES) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i);
    const times = new Map<string, number[]>(subjects.map(({ subject }) => [subject, []]));
    for (let round = -10; round < ROUNDS; round++) {
      for (const { subject, call } of inTurn(subjects, round + 10)) {
        const microseconds = await time(call, bytes);
        if (round >= 0) times.get(subject)?.push(microseconds);
      }
    }
    for (const [subject, all] of times) {
      const microseconds = median(all);
      rows.push({ subject, size, microseconds, callsPerSecond: Math.round(1e6 / microseconds) });
    }
  }
  const load = await timeLoad(module, host);
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(results, JSON.stringify([...rows, ...load], null, 2));

  await Promise.all([inline.dispose(), worker.dispose(), thread.terminate(), viaExtism.close()]);
  viaGrpc.stop();
}

/** Microseconds of a call. Calls that return at once are not awaited: that would cost more than some of them. */
async function time(call: Subject["call"], bytes: Uint8Array): Promise<number> {
  const start = performance.now();
  let count = 0;
  for (;;) {
    const answer = call(bytes);
    count++;
    if (answer instanceof Promise) await answer;
    const elapsed = performance.now() - start;
    if (elapsed >= ROUND_MS) return (elapsed * 1000) / count;
    if (answer instanceof Promise) continue;
    // Reading the clock costs time too.
    for (let i = 0; i < 20; i++) call(bytes);
    count += 20;
  }
}

async function timeLoad(module: PluginModule, host: Host): Promise<object[]> {
  const times: number[] = [];
  for (let i = 0; i < 200; i++) {
    const start = performance.now();
    const plugin = await EchoPlugin.load(module, { host });
    times.push((performance.now() - start) * 1000);
    await plugin.dispose();
  }
  const microseconds = median(times);
  const callsPerSecond = Math.round(1e6 / microseconds);
  return [{ subject: "wplug, load from a compiled module", size: 0, microseconds, callsPerSecond }];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A server and a client of it in this process. */
async function startGrpc(): Promise<{ call: Subject["call"]; stop(): void }> {
  const pass = (bytes: Buffer): Buffer => bytes;
  const definition = {
    echo: {
      path: "/bench.Echo/Plain",
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  };
  const options = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
  const server = new grpc.Server(options);
  server.addService(definition, {
    echo: (call: { readonly request: Buffer }, answer: (error: null, bytes: Buffer) => void) =>
      answer(null, call.request),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const Client = grpc.makeGenericClientConstructor(definition, "Echo");
  const client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  const echo = (client as unknown as Record<string, (...parameters: unknown[]) => void>)["echo"];
  return {
    call: (bytes) =>
      new Promise((resolve, reject) => {
        echo?.call(client, Buffer.from(bytes), (error: Error | null, answer: Buffer) =>
          error === null ? resolve(answer) : reject(error),
        );
      }),
    stop() {
      client.close();
      server.forceShutdown();
    },
  };
}

main().catch((error: unknown) => {
  console.error(error);
  // Its threads would go on.
  process.exit(1);
});
