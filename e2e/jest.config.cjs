const { availableParallelism } = require("node:os");

/**
 * Whole-system tests: real workspaces made by the real create-nx-workspace, with the packages as they would be
 * published. Minutes, not seconds. Three at a time on two processors: each waits for package managers and servers as well.
 */
module.exports = {
  displayName: "e2e",
  ...require("../jest.preset.js"),
  rootDir: __dirname,
  roots: ["<rootDir>/src"],
  // Here the packages are only ever used as packed, never from their sources.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  maxWorkers: Math.min(4, availableParallelism() + 1),
  testSequencer: "<rootDir>/src/longest-first.cjs",
  testTimeout: 600_000,
  globalSetup: "<rootDir>/src/global-setup.cjs",
  globalTeardown: "<rootDir>/src/global-teardown.cjs",
};
