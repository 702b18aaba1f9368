"use strict";

/**
 * Runs a program of this package, unless this version of Node is too old for it. What goes wrong is one text on standard error, and
 * exit code 1.
 *
 * @param {string} name for errors
 * @param {() => Promise<number | void>} main answers the exit code, or nothing
 */
exports.start = function start(name, main) {
  const fail = (text) => {
    process.stderr.write(`${name}: ${text}\n`);
    process.exitCode = 1;
  };
  // Whoever read what it prints has seen enough: wplug inspect … | head.
  process.stdout.on("error", (error) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
  try {
    require("../dist/check-node.js").checkNode();
  } catch (error) {
    return fail(error.message);
  }
  return main().then(
    (code) => {
      if (code !== undefined) process.exitCode = code;
    },
    (error) => fail(error.stack),
  );
};
