import { PluginModule } from "@wplug/runtime";

import { GreeterPlugin } from "./gen/host.js";

/**
 * `node --expose-gc density.mjs PLUGIN ISOLATION COUNT`: prints the bytes by which the process grows with each of so many instances that have
 * answered a hundred calls. In a process of its own, as V8 does not give back all that it once had.
 */
const [path = "", isolation = "", count = ""] = process.argv.slice(2);

const CALLS = 100;

const module = await PluginModule.compile(path);
const plugins: GreeterPlugin[] = [];
await load();
await load();
const before = await resident();
for (let i = 0; i < Number(count); i++) await load();
console.log(((await resident()) - before) / Number(count));
await Promise.all(plugins.map((plugin) => plugin.dispose()));

async function load(): Promise<void> {
  const plugin = await GreeterPlugin.load(module, {
    isolation: isolation as "inline" | "worker",
  });
  for (let i = 0; i < CALLS; i++) await plugin.sayHello({ name: "wplug" });
  plugins.push(plugin);
}

/** After what can be collected now has been, in this thread. */
async function resident(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    (globalThis as unknown as { gc(): void }).gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage.rss();
}
