#!/usr/bin/env node
"use strict";

function fail(text) {
  process.stderr.write(`wplug: ${text}\n`);
  process.exitCode = 1;
}

function run() {
  try {
    require("../dist/check-node.js").checkNode();
  } catch (error) {
    return fail(error.message);
  }
  return require("../dist/cli/main.js")
    .main(process.argv.slice(2))
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error) => fail(error.stack),
    );
}

run();
