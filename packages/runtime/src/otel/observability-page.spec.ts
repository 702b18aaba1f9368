import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import * as api from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Interceptor } from "@connectrpc/connect";
import ts from "typescript";

import { connectRoutes } from "../connect/connect-routes.js";
import type { ConnectTransport, LoadOptions, PluginHooks } from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { serveRoutes } from "../testing/connect-server.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";
import { openTelemetry, type PluginTelemetry } from "./open-telemetry.js";

const page = readFileSync(join(__dirname, "../../../../docs/observability.md"), "utf8");

/** The modules that the page shows, by the names in their first lines. */
const blocks = new Map(
  Array.from(
    page.matchAll(/^```ts\n\/\/ (\S+)\.ts\n([^]*?)^```$/gm),
    ([, name = "", source = ""]) => [name, source],
  ),
);

/** The cells of the rows of the table whose first heading this is. */
function rowsOf(heading: string): string[][] {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.split("|")[1]?.trim() === heading);
  const end = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`|`$/g, "")),
  );
}

/** What is to be ended, whether tests pass or fail. */
const started: (() => Promise<unknown>)[] = [];

afterAll(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

/** The plugin of the page, which is one that does what its requests say. */
async function load(_file: string, options: LoadOptions): Promise<GreeterPlugin> {
  const host = askLibrary((it) => it, false);
  const source = await wat(greeter(BEHAVIOURS));
  const plugin = await GreeterPlugin.load(source, { stderr: null, ...host, ...options });
  started.push(() => plugin.dispose());
  return plugin;
}

const loaded = new Map<string, Record<string, unknown>>();

/** Runs a module of the page, once. */
async function run(name: string, edit = (source: string): string => source) {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const source = blocks.get(name);
  if (source === undefined) throw new Error(`docs/observability.md has no block ${name}.ts`);
  const { outputText } = ts.transpileModule(edit(source), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const find = (module: string): unknown => {
    if (module === "@wplug/runtime/otel") return { openTelemetry };
    if (module === "@org/greeter-contract/host") return { GreeterPlugin: { load } };
    if (module.startsWith("./")) return loaded.get(module.slice(2, -3));
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what the page imports
    return require(module) as unknown;
  };
  const exported: Record<string, unknown> = {};
  const body = `return (async () => {${outputText}})()`;
  await (new Function("require", "exports", body)(find, exported) as Promise<void>);
  loaded.set(name, exported);
  return exported;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("What docs/observability.md shows", () => {
  let port: number;
  let telemetry: PluginTelemetry;
  let plugin: GreeterPlugin;

  beforeAll(async () => {
    jest.spyOn(console, "dir").mockImplementation(() => {});
    port = await freePort();
    const exported = await run("telemetry", (source) => source.replaceAll("9464", String(port)));
    telemetry = exported["telemetry"] as PluginTelemetry;
    ({ greeter: plugin } = (await run("main")) as { greeter: GreeterPlugin });
  });

  afterAll(async () => {
    const { tracers, meters } = (await run("telemetry")) as Record<
      string,
      { shutdown(): Promise<void> }
    >;
    await tracers?.shutdown();
    await meters?.shutdown();
    api.context.disable();
    api.propagation.disable();
    jest.restoreAllMocks();
  });

  it("has all metrics in a scrape that its alerts are about, with the labels that these name", async () => {
    await expect(plugin.sayHello({ name: "t" })).rejects.toThrow("unreachable");
    await plugin.sayHello({ name: "h" });
    const text = await (await fetch(`http://localhost:${port}/metrics`)).text();
    const alerts = rowsOf("what").filter((row) => /_/.test(row[1] ?? ""));
    expect(alerts.length).toBeGreaterThan(5);
    for (const [, alert = ""] of alerts) {
      for (const [name] of alert.matchAll(/\b(?:wplug|rpc_client)_\w+/g)) {
        expect(text).toMatch(new RegExp(`^${name}\\{.*\\} [0-9]`, "m"));
      }
    }
    expect(text).toMatch(/^rpc_client_call_duration_count\{.*error_type="PluginTrapError".*\} 1/m);
    expect(text).toMatch(/^wplug_plugin_restarts_total\{.*\} 1/m);
  });

  it("hands a trace on to another machine", async () => {
    const { sendTrace, takeTrace } = (await run("trace-context")) as Record<string, Interceptor>;
    const seen: (string | undefined)[] = [];
    const note = (): void => void seen.push(api.trace.getActiveSpan()?.spanContext().traceId);
    const served = await load("", { hooks: { call: () => note() as undefined } });
    const routes = connectRoutes(GreeterPlugin, served);
    const server = await serveRoutes(2, routes, { interceptors: [takeTrace!] });
    started.push(() => server.close());
    const transport = createGrpcTransport({ baseUrl: server.url, interceptors: [sendTrace!] });
    const remote = await GreeterPlugin.connect(transport as ConnectTransport, {
      hooks: telemetry,
    });
    const { tracers } = (await run("telemetry")) as { tracers: api.TracerProvider };
    const root = tracers.getTracer("test").startSpan("root");
    await api.context.with(api.trace.setSpan(api.context.active(), root), () =>
      remote.sayHello({ name: "e" }),
    );
    root.end();
    expect(seen).toEqual([root.spanContext().traceId]);
  });

  it("logs what happens to instances", async () => {
    const { hooks } = (await run("hooks")) as { hooks: PluginHooks };
    const lines: string[] = [];
    const log = (...parts: unknown[]): void => void lines.push(String(parts[0]));
    jest.spyOn(console, "error").mockImplementation(log);
    jest.spyOn(console, "warn").mockImplementation(log);
    const options: LoadOptions = { isolation: "worker", restart: { times: 1 } };
    const failing = await load("", { ...options, hooks });
    await expect(failing.sayHello({ name: "t" })).rejects.toThrow();
    await expect(failing.sayHello({ name: "t" })).rejects.toThrow();
    expect(lines).toEqual([
      "an instance has failed:",
      "the next one starts in 0 ms, or later",
      "an instance has failed:",
      "the plugin has failed too often, and answers no more:",
    ]);
  });
});

it("The table of docs/observability.md has all metrics, as they are", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e6 });
  const provider = new MeterProvider({ readers: [reader] });
  started.push(() => provider.shutdown());
  const telemetry = openTelemetry({ meter: provider.getMeter("test") });
  const fails = askLibrary(({ name }) => {
    if (name === "hx") throw new Error("no");
    return { name };
  }, false);
  const plugin = await load("", { pool: { size: 1 }, hooks: telemetry, ...fails });
  telemetry.observe(plugin);
  await plugin.sayHello({ name: "h" });
  await expect(plugin.sayHello({ name: "hx" })).rejects.toThrow("no");
  await reader.forceFlush();
  const metrics = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
  const attributesOf = ({ dataPoints }: MetricData): string[] =>
    dataPoints.flatMap(({ attributes }) => Object.keys(attributes));
  const real = metrics.map((it) => [
    it.descriptor.name,
    (it.descriptor as { type?: string }).type?.toLowerCase().replace(/observable_|_/g, ""),
    it.descriptor.unit,
    [...new Set(attributesOf(it))].sort().join(" "),
  ]);
  const told = rowsOf("metric").map(([name, kind, unit, , attributes = ""]) => [
    name,
    kind,
    unit,
    attributes.replace(/`/g, "").split(" ").sort().join(" "),
  ]);
  expect(told.sort()).toEqual(real.sort());
});
