/** Unit tests of the packages. Those of examples/ run through Nx, those of e2e/ by their own config. */
module.exports = {
  preset: "./jest.preset.js",
  roots: ["<rootDir>/packages"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "/(generators|languages)/[^/]+/files"],
  modulePathIgnorePatterns: ["/dist/"],
};
