import type { Attributes, BatchObservableResult, Meter } from "@opentelemetry/api";

import type { PluginStats } from "../client/stats.js";

/** A plugin whose `stats()` are observed: what `GreeterPlugin.load` gives. */
export interface ObservedPlugin {
  readonly retired: boolean;
  readonly module: { readonly name: string };
  stats(): PluginStats;
}

/** Plugins of one name. */
interface Group {
  readonly plugins: Set<ObservedPlugin>;
  /** What those did that are retired: counters don't go back. */
  fuel: number;
  hostCalls: number;
  restarts: number;
}

/** Reports what `stats()` of plugins say, whenever metrics are collected. */
export function observeStats(meter: Meter): { add(plugin: ObservedPlugin): void } {
  const groups = new Map<string, Group>();
  const memory = meter.createObservableUpDownCounter("wplug.plugin.memory", {
    description: "Memory of all instances of plugins",
    unit: "By",
  });
  const count = meter.createObservableUpDownCounter("wplug.plugin.count", {
    description: "Plugins that are loaded and answer calls",
    unit: "{plugin}",
  });
  const fuel = meter.createObservableCounter("wplug.plugin.fuel", {
    description: "Fuel that plugins used",
    unit: "{unit}",
  });
  const hostCalls = meter.createObservableCounter("wplug.plugin.host_calls", {
    description: "Host functions that plugins called",
    unit: "{call}",
  });
  const instances = meter.createObservableUpDownCounter("wplug.plugin.instances", {
    description: "Instances of plugins",
    unit: "{instance}",
  });
  const waiting = meter.createObservableUpDownCounter("wplug.plugin.waiting", {
    description: "Calls that wait for an instance of a plugin",
    unit: "{call}",
  });
  const restarts = meter.createObservableCounter("wplug.plugin.restarts", {
    description: "Instances that were started in the place of failed ones",
    unit: "{restart}",
  });
  meter.addBatchObservableCallback(
    (result: BatchObservableResult) => {
      for (const [name, group] of groups) {
        const attributes: Attributes = { "wplug.plugin": name };
        let bytes = 0;
        let units = 0;
        let calls = 0;
        let started = 0;
        let running = 0;
        let queue = 0;
        for (const plugin of group.plugins) {
          const stats = plugin.stats();
          if (plugin.retired) {
            group.plugins.delete(plugin);
            group.fuel += stats.fuel;
            group.hostCalls += stats.hostCalls;
            group.restarts += stats.restarts;
            continue;
          }
          bytes += stats.memoryBytes;
          units += stats.fuel;
          calls += stats.hostCalls;
          started += stats.restarts;
          running += stats.instances;
          queue += stats.waiting;
        }
        result.observe(memory, bytes, attributes);
        result.observe(count, group.plugins.size, attributes);
        result.observe(fuel, group.fuel + units, attributes);
        result.observe(hostCalls, group.hostCalls + calls, attributes);
        result.observe(restarts, group.restarts + started, attributes);
        result.observe(instances, running, attributes);
        result.observe(waiting, queue, attributes);
      }
    },
    [memory, count, fuel, hostCalls, instances, waiting, restarts],
  );
  return {
    add(plugin) {
      const { name } = plugin.module;
      let group = groups.get(name);
      if (group === undefined)
        groups.set(name, (group = { plugins: new Set(), fuel: 0, hostCalls: 0, restarts: 0 }));
      group.plugins.add(plugin);
    },
  };
}
