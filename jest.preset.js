/** What every jest project of this repository shares: swc for TypeScript, sources of the packages instead of builds. */
const { join } = require("node:path");

module.exports = {
  testEnvironment: "node",
  transform: {
    "^.+\\.[cm]?ts$": [
      require.resolve("@swc/jest"),
      {
        swcrc: false,
        jsc: { parser: { syntax: "typescript", decorators: true }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  moduleNameMapper: {
    "^(\\.{1,2}/.*)\\.js$": "$1",
    "^#platform$": join(__dirname, "packages/runtime/src/platform/node.ts"),
    "^#oci$": join(__dirname, "packages/runtime/src/oci/node.ts"),
    // A bundle, which only the build makes.
    "^#worker-program$": join(__dirname, "packages/runtime/dist/cjs/worker/program-node.js"),
    "^@wplug/runtime$": join(__dirname, "packages/runtime/src/index.ts"),
    "^@wplug/runtime/codegen$": join(__dirname, "packages/runtime/src/codegen.ts"),
    "^@wplug/runtime/connect$": join(__dirname, "packages/runtime/src/connect.ts"),
    "^@wplug/runtime/oci$": join(__dirname, "packages/runtime/src/oci.ts"),
    "^@wplug/runtime/node$": join(__dirname, "packages/runtime/src/node.ts"),
  },
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  testMatch: ["**/*.spec.ts"],
};
