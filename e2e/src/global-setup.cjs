const { execFileSync, fork } = require("node:child_process");
const { mkdtempSync, realpathSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Packs the packages once for all e2e tests, publishes them on this machine, and makes the folder for what tests share. */
module.exports = async function globalSetup() {
  const root = join(__dirname, "../..");
  execFileSync(process.execPath, [join(root, "tools/pack.mjs")], { cwd: root, stdio: "inherit" });
  process.env.WPLUG_E2E_SHARED = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-shared-")));

  const upstream = execFileSync("npm", ["config", "get", "registry"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  }).trim();
  process.env.WPLUG_E2E_UPSTREAM = upstream;
  const tarballs = ["wplug", "wplug-runtime", "wplug-well-known-types"].map((name) =>
    join(root, "dist/packages", `${name}.tgz`),
  );
  // In a process of its own, as tests wait for commands without looking at anything else.
  const registry = fork(join(__dirname, "registry.mjs"), [upstream, ...tarballs], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  process.env.WPLUG_E2E_REGISTRY = await new Promise((resolve, reject) => {
    registry.stdout.once("data", (line) => resolve(line.toString().trim()));
    registry.once("exit", (code) => reject(new Error(`the registry ended with ${code}`)));
  });
  globalThis.wplugRegistry = registry;
};
