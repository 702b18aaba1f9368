/**
 * What the tests of wplug projects need of jest: `module.exports = { preset: "wplug" }`. TypeScript goes through swc, to
 * CommonJS; types are checked by tsc and not here.
 */
const { join } = require("node:path");

module.exports = {
  testEnvironment: "node",
  testMatch: ["**/*.spec.ts"],
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  resolver: join(__dirname, "dist/jest/resolver.js"),
  transform: {
    "^.+\\.[cm]?ts$": [
      require.resolve("@swc/jest", { paths: [process.cwd(), __dirname] }),
      {
        swcrc: false,
        jsc: { parser: { syntax: "typescript", decorators: true }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
};
