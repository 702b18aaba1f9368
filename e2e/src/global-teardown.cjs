const { rmSync } = require("node:fs");

module.exports = function globalTeardown() {
  rmSync(process.env.WPLUG_E2E_SHARED, { recursive: true, force: true });
};
