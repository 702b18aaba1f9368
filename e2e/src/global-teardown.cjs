const { rmSync } = require("node:fs");

module.exports = function globalTeardown() {
  globalThis.wplugRegistry.disconnect();
  rmSync(process.env.WPLUG_E2E_SHARED, { recursive: true, force: true });
};
