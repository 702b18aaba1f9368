/** Unit tests of the packages. Those of examples/ run through Nx, those of e2e/ by their own config. */
module.exports = {
  preset: "./jest.preset.js",
  roots: ["<rootDir>/packages"],
  // Programs, servers and compilers that tests start are slow on a busy machine: no sign of a fault.
  testTimeout: 30_000,
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/(generators|languages)/[^/]+/files"],
  modulePathIgnorePatterns: ["/dist/"],
};
