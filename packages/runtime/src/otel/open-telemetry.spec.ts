import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import type { Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { context, propagation, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";

import { connectRoutes } from "../connect/connect-routes.js";
import type { ConnectTransport, LoadOptions } from "../index.js";
import { canSuspend } from "../instance/suspending.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { serveRoutes } from "../testing/connect-server.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";
import { openTelemetry } from "./open-telemetry.js";

/** What a test has started, whether it passes or fails. */
const started: (() => Promise<unknown>)[] = [];

const spans = new InMemorySpanExporter();
const traces = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const tracer = traces.getTracer("test");

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});

afterAll(async () => {
  await traces.shutdown();
  context.disable();
  propagation.disable();
});

beforeEach(() => spans.reset());

afterEach(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

async function load(call: Ask, isAsync: boolean, options: LoadOptions): Promise<GreeterPlugin> {
  const source = await wat(greeter(BEHAVIOURS));
  const host = askLibrary(call, isAsync);
  const plugin = await GreeterPlugin.load(source, { stderr: null, ...options, ...host });
  started.push(() => plugin.dispose());
  return plugin;
}

function later(provider: MeterProvider): MeterProvider {
  started.push(() => provider.shutdown());
  return provider;
}

/** Each span with those above it, as `a > b > c`. */
function paths(): string[] {
  const finished = spans.getFinishedSpans();
  const pathOf = (span: ReadableSpan): string => {
    const parent = finished.find(
      (it) => it.spanContext().spanId === span.parentSpanContext?.spanId,
    );
    return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
  };
  return finished.map(pathOf).sort();
}

const CALL = "test.v1.Greeter/SayHello";

/** Where plugins run, and whether a host function may answer with a Promise there. */
const settings: readonly (readonly [string, LoadOptions, boolean])[] = [
  ["in the host's thread", { isolation: "inline" }, canSuspend()],
  ["in a pool in the host's thread", { isolation: "inline", pool: { size: 2 } }, canSuspend()],
  ["in a worker", { isolation: "worker" }, true],
  ["in a pool of workers", { isolation: "worker", pool: { size: 2 } }, true],
];

describe.each(settings)("spans of a plugin %s", (_where, options, canWait) => {
  it("have the parent that is active, and are so in host functions", async () => {
    const plugin = await load(
      (request) => {
        tracer.startSpan("query").end();
        return request;
      },
      false,
      { ...options, hooks: openTelemetry({ tracer }) },
    );
    await Promise.all(
      ["first", "second"].map((name) =>
        tracer.startActiveSpan(name, async (span) => {
          await plugin.sayHello({ name: "h" });
          span.end();
        }),
      ),
    );
    expect(paths()).toEqual(
      ["first", "second"].flatMap((root) => [
        root,
        `${root} > ${CALL}`,
        `${root} > ${CALL} > env/ask`,
        `${root} > ${CALL} > env/ask > query`,
      ]),
    );
  });

  if (canWait) {
    it("nest as calls do", async () => {
      const plugin: GreeterPlugin = await load(
        async (request) => {
          await delay(1);
          tracer.startSpan("query").end();
          if (request.name === "h1") await plugin.sayHello({ name: "h2" });
          return request;
        },
        true,
        { ...options, hooks: openTelemetry({ tracer }) },
      );
      await plugin.sayHello({ name: "h1" });
      const outer = `${CALL} > env/ask`;
      const inner = `${outer} > ${outer}`;
      expect(paths()).toEqual(
        [CALL, outer, `${outer} > ${CALL}`, inner, `${inner} > query`, `${outer} > query`].sort(),
      );
    });
  }
});

it("Spans say what was called, by the names of the conventions, and what it failed with", async () => {
  const plugin = await load(
    () => {
      throw new TypeError("no such user");
    },
    false,
    { isolation: "inline", hooks: openTelemetry({ tracer }) },
  );
  expect(plugin.sync.sayHello({ name: "a" }).name).toBe("a");
  await expect(plugin.sayHello({ name: "h" })).rejects.toThrow("no such user");
  const rpc = { "rpc.system.name": "wplug", "rpc.method": CALL, "wplug.plugin": "the plugin" };
  expect(spans.getFinishedSpans()).toMatchObject([
    { name: CALL, kind: SpanKind.CLIENT, attributes: rpc, status: { code: SpanStatusCode.UNSET } },
    {
      name: "env/ask",
      kind: SpanKind.INTERNAL,
      attributes: {
        "rpc.system.name": "wplug",
        "rpc.method": "env/ask",
        "error.type": "TypeError",
      },
      status: { code: SpanStatusCode.ERROR, message: "no such user" },
    },
    {
      name: CALL,
      attributes: { ...rpc, "error.type": "HostFunctionError" },
      status: { code: SpanStatusCode.ERROR, message: expect.stringContaining("no such user") },
    },
  ]);
});

it("Errors that can't be looked at have the type _OTHER", async () => {
  const hostile = new Proxy(new Error("hidden"), {
    get: () => {
      throw new Error("not for you");
    },
  });
  const end = openTelemetry({ tracer }).call?.({ name: CALL, attributes: {} });
  if (typeof end !== "object") throw new Error("the hook follows no call");
  end.end?.(hostile);
  expect(spans.getFinishedSpans()).toMatchObject([
    { attributes: { "error.type": "_OTHER" }, status: { code: SpanStatusCode.ERROR } },
  ]);
});

it("A trace goes through a server on another machine to the host function of its plugin", async () => {
  const inject: Interceptor = (next) => (request) => {
    propagation.inject(context.active(), request.header, {
      set: (header, key, value) => header.set(key, value),
    });
    return next(request);
  };
  const getter = {
    get: (header: Headers, key: string) => header.get(key) ?? undefined,
    keys: (header: Headers) => [...header.keys()],
  };
  const extract: Interceptor = (next) => (request) =>
    context.with(propagation.extract(context.active(), request.header, getter), () =>
      next(request),
    );
  const plugin = await load(
    (request) => {
      tracer.startSpan("query").end();
      return request;
    },
    false,
    { isolation: "worker", hooks: openTelemetry({ tracer }) },
  );
  const server = await serveRoutes(2, connectRoutes(GreeterPlugin, plugin), {
    interceptors: [extract],
  });
  started.push(() => server.close());
  const transport = createGrpcTransport({ baseUrl: server.url, interceptors: [inject] });
  const remote = await GreeterPlugin.connect(transport as ConnectTransport, {
    hooks: openTelemetry({ tracer }),
  });
  await tracer.startActiveSpan("root", async (span) => {
    expect((await remote.sayHello({ name: "h" })).name).toBe("h");
    span.end();
  });
  const served = `root > ${CALL} > ${CALL}`;
  expect(paths()).toEqual([
    "root",
    `root > ${CALL}`,
    served,
    `${served} > env/ask`,
    `${served} > env/ask > query`,
  ]);
  expect(new Set(spans.getFinishedSpans().map((it) => it.spanContext().traceId)).size).toBe(1);
});

describe("metrics", () => {
  it("have the restarts and instances of pools", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
    const provider = later(new MeterProvider({ readers: [reader] }));
    const telemetry = openTelemetry({ meter: provider.getMeter("test") });
    const plugin = await load((it) => it, false, { pool: { size: 1 }, hooks: telemetry });
    telemetry.observe(plugin);
    await expect(plugin.sayHello({ name: "t" })).rejects.toThrow("unreachable");
    await plugin.sayHello({ name: "a" });
    await reader.forceFlush();
    const metrics = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
    const values = metrics
      .filter((it) => /(restarts|instances|waiting)$/.test(it.descriptor.name))
      .map((it) => [it.descriptor.name, it.dataPoints[0]?.value]);
    expect(Object.fromEntries(values)).toEqual({
      "wplug.plugin.restarts": 1,
      "wplug.plugin.instances": 1,
      "wplug.plugin.waiting": 0,
    });
  });

  it("have the durations of calls, by the class of error, and of host functions", async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
    const provider = later(new MeterProvider({ readers: [reader] }));
    const telemetry = openTelemetry({ meter: provider.getMeter("test") });
    const plugin = await load((it) => it, false, { isolation: "inline", hooks: telemetry });
    await plugin.sayHello({ name: "h" });
    await plugin.sayHello({ name: "a" });
    await expect(plugin.sayHello({ name: "t" })).rejects.toThrow("unreachable");
    await reader.forceFlush();
    const metrics = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
    const rpc = { "rpc.system.name": "wplug", "rpc.method": CALL, "wplug.plugin": "the plugin" };
    expect(metrics).toMatchObject([
      {
        descriptor: { name: "rpc.client.call.duration", unit: "s" },
        dataPoints: [
          { attributes: rpc, value: { count: 2 } },
          { attributes: { ...rpc, "error.type": "PluginTrapError" }, value: { count: 1 } },
        ],
      },
      {
        descriptor: { name: "wplug.host_function.duration", unit: "s" },
        dataPoints: [{ attributes: { "rpc.method": "env/ask" }, value: { count: 1 } }],
      },
    ]);
  });

  it("are scraped by Prometheus, counters of retired plugins included", async () => {
    const exporter = new PrometheusExporter({
      host: "127.0.0.1",
      port: 0,
      preventServerStart: true,
    });
    const provider = later(new MeterProvider({ readers: [exporter] }));
    const telemetry = openTelemetry({ meter: provider.getMeter("test") });
    const options: LoadOptions = {
      isolation: "inline",
      limits: { fuel: 1_000_000 },
      hooks: telemetry,
    };
    const [first, second] = await Promise.all([
      load((it) => it, false, options),
      load((it) => it, false, options),
    ]);
    telemetry.observe(first);
    telemetry.observe(second);
    const url = await scrapable(exporter);
    await first.sayHello({ name: "h" });
    await second.sayHello({ name: "h" });
    const scrape = async (): Promise<string> => (await fetch(url)).text();
    const fuel = first.stats().fuel + second.stats().fuel;
    const memory = second.stats().memoryBytes;
    const both = await scrape();
    expect(valueOf(both, "wplug_plugin_count")).toBe(2);
    expect(valueOf(both, "wplug_plugin_memory")).toBe(2 * memory);
    expect(valueOf(both, "wplug_plugin_fuel_total")).toBe(fuel);
    expect(valueOf(both, "rpc_client_call_duration_count")).toBe(2);
    expect(valueOf(both, "wplug_plugin_instances")).toBe(2);
    expect(valueOf(both, "wplug_plugin_waiting")).toBe(0);
    expect(valueOf(both, "wplug_plugin_restarts_total")).toBe(0);
    await first.dispose();
    const one = await scrape();
    expect(valueOf(one, "wplug_plugin_count")).toBe(1);
    expect(valueOf(one, "wplug_plugin_memory")).toBe(memory);
    expect(valueOf(one, "wplug_plugin_fuel_total")).toBe(fuel);
    expect(valueOf(one, "wplug_plugin_host_calls_total")).toBe(2);
  });
});

/** The exporter behind a server on a free port, which its own can't be asked for. */
async function scrapable(exporter: PrometheusExporter): Promise<string> {
  const server = createServer((request, response) =>
    exporter.getMetricsRequestHandler(request, response),
  );
  started.push(() => new Promise((resolve) => server.close(resolve)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/metrics`;
}

/** The value of the first sample of this name. */
function valueOf(text: string, name: string): number {
  const line = text.split("\n").find((it) => it.startsWith(`${name}{`));
  if (line === undefined) throw new Error(`no ${name} in:\n${text}`);
  return Number(
    line
      .slice(line.lastIndexOf("}") + 1)
      .trim()
      .split(" ")[0],
  );
}
