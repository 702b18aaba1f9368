#!/usr/bin/env node
"use strict";
require("../dist/codegen/protoc-gen-wplug.js")
  .main()
  .catch((error) => {
    process.stderr.write(`protoc-gen-wplug: ${error.stack}\n`);
    process.exitCode = 1;
  });
