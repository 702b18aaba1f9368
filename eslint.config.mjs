import js from "@eslint/js";
import { globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default tseslint.config(
  globalIgnores([
    "**/dist/",
    "**/gen/",
    // AssemblyScript: checked by asc, which is the only tool that knows its types.
    "**/assembly/",
    "packages/*/assembly-tests/",
    "tools/*/plugin.ts",
    "tools/bench/calls/{plugin,floor,extism}.ts",
    "tools/bench/limits/plugin.ts",
    "tools/bench/generated/",
    "tools/bench/codec/google-protobuf.cjs",
    "packages/nx-wplug/src/{generators,languages}/*/files*/",
    "tmp/",
    ".nx/",
  ]),
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    // Statics are how generated message classes and clients are used.
    rules: { "@typescript-eslint/no-extraneous-class": "off" },
  },
  {
    // Under noUncheckedIndexedAccess each byte of a buffer may be undefined; bounds are checked once, ahead of the loads.
    files: [
      "packages/runtime/src/messages/wire/*.ts",
      "packages/runtime/src/metering/*.ts",
      "**/*.spec.ts",
    ],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "Buffer",
          "TextDecoder",
          "TextEncoder",
          "URL",
          "WebAssembly",
          "console",
          "performance",
          "process",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  {
    files: ["**/*.{js,cjs}"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { require: "readonly", module: "writable", __dirname: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
