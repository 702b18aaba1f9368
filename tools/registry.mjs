import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

/**
 * Starts docker-registry, the registry of the CNCF's Distribution, on this machine.
 *
 * @param {string} folder absolute, for all that it keeps
 * @param {number} port
 * @returns {Promise<import("node:child_process").ChildProcess>} that answers
 */
export async function startRegistry(folder, port) {
  const host = `127.0.0.1:${port}`;
  const config = join(folder, "registry.yml");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${folder}/data } }\nhttp: { addr: "${host}" }\n`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  for (let attempt = 0; attempt < 100; attempt++) {
    const answers = await globalThis.fetch(`http://${host}/v2/`).then(
      () => true,
      () => false,
    );
    if (answers) return child;
    await setTimeout(50);
  }
  child.kill();
  throw new Error("docker-registry does not start");
}
