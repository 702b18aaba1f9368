const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

/** Packs the packages once for all e2e tests. */
module.exports = function globalSetup() {
  const root = join(__dirname, "../..");
  execFileSync(process.execPath, [join(root, "tools/pack.mjs")], { cwd: root, stdio: "inherit" });
};
