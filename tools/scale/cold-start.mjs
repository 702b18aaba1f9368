import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { median } from "../bench/median.mjs";
import { startRegistry } from "../registry.mjs";
import { root, work } from "./folders.mjs";
import { freePorts, Replica } from "./replica.mjs";

const ROUNDS = 9;

/**
 * From the start of a process until it serves, by where its plugin is, in turn.
 *
 * @param {{ server: string, plugin: string }} program
 * @returns {Promise<{ where: string, time: number }[]>} medians, in milliseconds; only that of a file where there is no docker-registry
 */
export async function coldStart(program) {
  const [port, registryPort] = await freePorts(2);
  const cache = join(work, "start/cache");
  const empty = () => rmSync(cache, { recursive: true, force: true });
  const start = async (plugin) => {
    const env = { XDG_CACHE_HOME: cache };
    const replica = new Replica("start", { ...program, plugin, port, env });
    try {
      return await replica.start();
    } finally {
      await replica.stop();
    }
  };
  rmSync(join(work, "start"), { recursive: true, force: true });
  const hasRegistry = spawnSync("docker-registry", ["--version"]).status === 0;
  const registry = hasRegistry
    ? await startRegistry(join(work, "start/registry"), registryPort)
    : undefined;
  try {
    const ways = { "in a file": () => start(program.plugin) };
    if (registry !== undefined) {
      const { pushPlugin } = await import(
        pathToFileURL(join(root, "packages/runtime/dist/esm/oci.js"))
      );
      const name = `oci://127.0.0.1:${registryPort}/scale/greeter:1`;
      const { reference } = await pushPlugin(name, readFileSync(program.plugin), {
        title: "greeter.wasm",
      });
      ways["in a registry, by its digest"] = () => {
        empty();
        return start(reference);
      };
      // The one before has filled it.
      ways["the same, from the cache of this machine"] = () => start(reference);
    }
    const times = Object.keys(ways).map((where) => ({ where, all: [] }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { where, all } of times) all.push(await ways[where]());
    }
    return times.map(({ where, all }) => ({ where, time: median(all) }));
  } finally {
    registry?.kill();
  }
}
