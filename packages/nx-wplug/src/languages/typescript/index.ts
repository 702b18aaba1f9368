import { type ContractSdk, type LanguageWith, npmAlone } from "../language";

/** https://www.typescriptlang.org, on QuickJS-ng: https://quickjs-ng.github.io/quickjs */
export const typescript: LanguageWith<ContractSdk> = {
  name: "typescript",
  title: "TypeScript",
  memory: "abi",
  runsAtBuild: true,
  sdk: {
    place: "contract",
    // Beside the host's: messages are the same classes.
    folder: "src/gen",
    entry: { subpath: "plugin", file: "src/plugin.ts" },
    tsconfig: undefined,
    // `typescript` is the SDK of hosts.
    protoc: { target: "typescript-plugin", folder: "ts" },
    devDependencies: {},
    emit: async (contract) => (await import("./emit-sdk.js")).emitSdk(contract),
    addToContract: async (tree, contract) =>
      (await import("./scaffold.js")).addToContract(tree, contract),
  },
  buildInputs: ({ contractRoots }) => ({
    inputs: [
      // A bundle may have any file of its project.
      "{projectRoot}/**/*",
      "!{projectRoot}/test/**/*",
      "!{projectRoot}/**/*.spec.ts",
      "!{projectRoot}/*.md",
      ...contractRoots.map((root) => `{workspaceRoot}/${root}/src/**/*.ts`),
      "^default",
      { dependentTasksOutputFiles: "**/*.ts", transitive: true },
      // What it imports from npm.
      "{workspaceRoot}/package.json",
    ],
    packages: ["wplug", "@wplug/runtime", "@wplug/well-known-types", "esbuild"],
  }),
  checkToolchain: npmAlone,
  compile: async (job) => (await import("./compile.js")).compile(job),
  tools: async () => (await import("./tools.js")).tools(),
  addToPlugin: async (tree, plugin) => (await import("./scaffold.js")).addToPlugin(tree, plugin),
};
