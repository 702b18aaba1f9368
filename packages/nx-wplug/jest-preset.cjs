/**
 * What the tests of wplug projects need of jest: `module.exports = { preset: "wplug" }`. TypeScript goes through swc, to
 * CommonJS; types are checked by tsc and not here.
 */
const { join } = require("node:path");

const { transformedPackages } = require("./dist/jest/transformed-packages.js");

// `nx test` runs jest in the folder of the project.
const packages = transformedPackages(process.cwd());
const swc = (syntax) => [
  require.resolve("@swc/jest", { paths: [process.cwd(), __dirname] }),
  {
    swcrc: false,
    jsc: { parser: { syntax, decorators: true }, target: "es2022" },
    module: { type: "commonjs" },
    sourceMaps: "inline",
  },
];

module.exports = {
  testEnvironment: "node",
  testMatch: ["**/*.spec.ts"],
  moduleFileExtensions: ["ts", "js", "cjs", "mjs", "json", "node"],
  resolver: join(__dirname, "dist/jest/resolver.js"),
  transform: {
    "^.+\\.[cm]?ts$": swc("typescript"),
    ...(packages.length > 0 && { "^.+\\.js$": swc("ecmascript") }),
  },
  ...(packages.length > 0 && {
    transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${packages.join("|")})/)`],
  }),
};
