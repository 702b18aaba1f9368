/**
 * Traces and metrics of plugins by OpenTelemetry: `@wplug/runtime/otel`. It needs `@opentelemetry/api`.
 *
 * @module
 */

export {
  openTelemetry,
  type OpenTelemetryOptions,
  type PluginTelemetry,
} from "./otel/open-telemetry.js";
export type { ObservedPlugin } from "./otel/observe-stats.js";
