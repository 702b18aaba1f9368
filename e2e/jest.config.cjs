/**
 * Whole-system tests: real workspaces made by the real create-nx-workspace, with the packages as they would be
 * published. Minutes, not seconds. Two at a time: most of what they run uses one processor.
 */
module.exports = {
  displayName: "e2e",
  ...require("../jest.preset.js"),
  rootDir: __dirname,
  roots: ["<rootDir>/src"],
  // Here the packages are only ever used as packed, never from their sources.
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  maxWorkers: 2,
  testSequencer: "<rootDir>/src/longest-first.cjs",
  testTimeout: 600_000,
  globalSetup: "<rootDir>/src/global-setup.cjs",
  globalTeardown: "<rootDir>/src/global-teardown.cjs",
};
