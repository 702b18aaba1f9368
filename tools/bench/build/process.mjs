import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const require = createRequire(join(root, "package.json"));
export const nx = join(dirname(require.resolve("nx/package.json")), "dist/bin/nx.js");

/** As on a developer's machine, and as in CI: without the daemon Nx reads the workspace for every command. */
export const SETTINGS = { daemon: { NX_DAEMON: "true" }, "no daemon": { NX_DAEMON: "false" } };

/** Milliseconds that a process takes from its start to its end. */
export function run(program, args, env = {}, cwd = root) {
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NX_NO_CLOUD: "true", ...env },
  });
  const time = performance.now() - start;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`);
  return time;
}
