import type { Meter, Observable } from "@opentelemetry/api";

import type { PluginStats } from "../client/stats.js";

/** A plugin whose `stats()` are observed: what `GreeterPlugin.load` gives. */
export interface ObservedPlugin {
  readonly retired: boolean;
  readonly module: { readonly name: string };
  stats(): PluginStats;
}

type Stat = "fuel" | "hostCalls" | "instances" | "memoryBytes" | "restarts" | "waiting";

/** What of `stats()` is reported. Counters don't go back when a plugin is retired, the others are of those that answer calls. */
const METRICS: readonly {
  readonly stat: Stat;
  readonly isCounter: boolean;
  readonly name: string;
  readonly description: string;
  readonly unit: string;
}[] = [
  {
    stat: "memoryBytes",
    isCounter: false,
    name: "wplug.plugin.memory",
    description: "Memory of all instances of plugins",
    unit: "By",
  },
  {
    stat: "fuel",
    isCounter: true,
    name: "wplug.plugin.fuel",
    description: "Fuel that plugins used",
    unit: "{unit}",
  },
  {
    stat: "hostCalls",
    isCounter: true,
    name: "wplug.plugin.host_calls",
    description: "Host functions that plugins called",
    unit: "{call}",
  },
  {
    stat: "instances",
    isCounter: false,
    name: "wplug.plugin.instances",
    description: "Instances of plugins",
    unit: "{instance}",
  },
  {
    stat: "waiting",
    isCounter: false,
    name: "wplug.plugin.waiting",
    description: "Calls that wait for an instance of a plugin",
    unit: "{call}",
  },
  {
    stat: "restarts",
    isCounter: true,
    name: "wplug.plugin.restarts",
    description: "Instances that were started in the place of failed ones",
    unit: "{restart}",
  },
];

/** Plugins of one name. */
interface Group {
  readonly plugins: Set<ObservedPlugin>;
  /** The counters of those that are retired. */
  readonly retired: Map<Stat, number>;
}

/** Reports what `stats()` of plugins say, whenever metrics are collected. */
export function observeStats(meter: Meter): { add(plugin: ObservedPlugin): void } {
  const groups = new Map<string, Group>();
  const count = meter.createObservableUpDownCounter("wplug.plugin.count", {
    description: "Plugins that are loaded and answer calls",
    unit: "{plugin}",
  });
  const observables = METRICS.map(({ stat, isCounter, name, description, unit }) => {
    const options = { description, unit };
    const observable: Observable = isCounter
      ? meter.createObservableCounter(name, options)
      : meter.createObservableUpDownCounter(name, options);
    return { stat, observable };
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const [name, group] of groups) {
        const attributes = { "wplug.plugin": name };
        const sums = sumOf(group);
        result.observe(count, group.plugins.size, attributes);
        for (const { stat, observable } of observables) {
          result.observe(observable, sums.get(stat) ?? 0, attributes);
        }
      }
    },
    [count, ...observables.map(({ observable }) => observable)],
  );
  return {
    add(plugin) {
      const { name } = plugin.module;
      let group = groups.get(name);
      if (group === undefined)
        groups.set(name, (group = { plugins: new Set(), retired: new Map() }));
      group.plugins.add(plugin);
    },
  };
}

/** Lets go of plugins that are retired, and keeps their counters. */
function sumOf({ plugins, retired }: Group): Map<Stat, number> {
  const running = new Map<Stat, number>();
  for (const plugin of plugins) {
    const stats = plugin.stats();
    if (plugin.retired) plugins.delete(plugin);
    for (const { stat, isCounter } of METRICS) {
      if (plugin.retired && !isCounter) continue;
      const sums = plugin.retired ? retired : running;
      sums.set(stat, (sums.get(stat) ?? 0) + stats[stat]);
    }
  }
  for (const [stat, value] of retired) running.set(stat, (running.get(stat) ?? 0) + value);
  return running;
}
