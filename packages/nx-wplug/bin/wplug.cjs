#!/usr/bin/env node
"use strict";

require("./start.cjs").start("wplug", () =>
  require("../dist/cli/main.js").main(process.argv.slice(2)),
);
