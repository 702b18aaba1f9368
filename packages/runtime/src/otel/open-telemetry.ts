import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Histogram,
  type Meter,
  type Tracer,
} from "@opentelemetry/api";

import { reasonOf } from "../errors/reason-of.js";
import type { CallObserver, CallSpan, PluginHooks } from "../options/hooks.js";
import { observeStats, type ObservedPlugin } from "./observe-stats.js";

/** What traces and metrics are written with: both, or one of them. */
export interface OpenTelemetryOptions {
  /** `trace.getTracer("shop")`. No spans unless given. */
  readonly tracer?: Tracer | undefined;
  /** `metrics.getMeter("shop")`. No metrics unless given. */
  readonly meter?: Meter | undefined;
}

/** Hooks for the option `hooks` of any number of plugins. */
export interface PluginTelemetry extends PluginHooks {
  /**
   * Reports the memory, fuel and host calls of a plugin whenever metrics are collected, until it is retired. Plugins of one name are
   * added up. It needs `meter`.
   */
  observe(plugin: ObservedPlugin): void;
}

/**
 * Where the buckets of durations end, in seconds: what the conventions advise from 5 ms on, and shorter ones, as calls in the process
 * take microseconds.
 */
const BOUNDARIES = [
  0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
  0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/**
 * Makes hooks that write a span and a duration for each call of a plugin, and each of a host function, inside of which its span is
 * active. Their names are those of OpenTelemetry's semantic conventions for rpcs.
 */
export function openTelemetry({ tracer, meter }: OpenTelemetryOptions): PluginTelemetry {
  const durations = (name: string, description: string): Histogram | undefined =>
    meter?.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  const calls = durations("rpc.client.call.duration", "Duration of calls of plugins");
  const hostCalls = durations(
    "wplug.host_function.duration",
    "Duration of host functions that plugins called",
  );
  const plugins = meter === undefined ? undefined : observeStats(meter);
  return {
    call: (span) => follow(span, SpanKind.CLIENT, tracer, calls),
    hostCall: (span) => follow(span, SpanKind.INTERNAL, tracer, hostCalls),
    observe: (plugin) => plugins?.add(plugin),
  };
}

function follow(
  { name, attributes: given }: CallSpan,
  kind: SpanKind,
  tracer: Tracer | undefined,
  durations: Histogram | undefined,
): CallObserver {
  // The conventions have had one name for service and method since hooks were first told of both.
  const attributes: Record<string, string> = { "rpc.system.name": "wplug", "rpc.method": name };
  const plugin = given["wplug.plugin"];
  if (plugin !== undefined) attributes["wplug.plugin"] = String(plugin);
  const span = tracer?.startSpan(name, { kind, attributes });
  const active = span && trace.setSpan(context.active(), span);
  const start = performance.now();
  return {
    run: (part) => (active === undefined ? part() : context.with(active, part)),
    end(error) {
      const seconds = (performance.now() - start) / 1000;
      const outcome =
        error === undefined ? attributes : { ...attributes, "error.type": typeOf(error) };
      // With the span active: that is what exemplars are taken from.
      durations?.record(seconds, outcome, active);
      if (span === undefined) return;
      if (error !== undefined) {
        span.setAttribute("error.type", typeOf(error));
        span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(error) });
      }
      span.end();
    },
  };
}

/** The name of an error's class. What is thrown may be anything, and may throw when it is looked at. */
function typeOf(error: unknown): string {
  try {
    if (typeof error === "object" && error !== null && "name" in error) return String(error.name);
  } catch {
    // It has none that can be told.
  }
  return "_OTHER";
}
