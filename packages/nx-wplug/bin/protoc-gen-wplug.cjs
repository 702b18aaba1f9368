#!/usr/bin/env node
"use strict";

require("./start.cjs").start("protoc-gen-wplug", () =>
  require("../dist/codegen/protoc-gen-wplug.js").main(),
);
