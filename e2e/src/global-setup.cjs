const { execFileSync } = require("node:child_process");
const { mkdtempSync, realpathSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Packs the packages once for all e2e tests, and makes the folder for what they share. */
module.exports = function globalSetup() {
  const root = join(__dirname, "../..");
  execFileSync(process.execPath, [join(root, "tools/pack.mjs")], { cwd: root, stdio: "inherit" });
  process.env.WPLUG_E2E_SHARED = realpathSync(mkdtempSync(join(tmpdir(), "wplug-e2e-shared-")));
};
