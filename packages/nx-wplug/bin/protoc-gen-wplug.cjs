#!/usr/bin/env node
"use strict";

function fail(text) {
  process.stderr.write(`protoc-gen-wplug: ${text}\n`);
  process.exitCode = 1;
}

function run() {
  try {
    require("../dist/check-node.js").checkNode();
  } catch (error) {
    return fail(error.message);
  }
  return require("../dist/codegen/protoc-gen-wplug.js")
    .main()
    .catch((error) => fail(error.stack));
}

run();
