import { CODE_DIGEST_FILE } from "../../generated/code-digest";
import { type ContractSdk, type LanguageWith, npmAlone } from "../language";

const OUT = "assembly/gen";

/** https://www.assemblyscript.org */
export const assemblyscript: LanguageWith<ContractSdk> = {
  name: "assemblyscript",
  title: "AssemblyScript",
  memory: "abi",
  sdk: {
    place: "contract",
    folder: OUT,
    entry: { subpath: "assembly", file: "assembly/index.ts" },
    // asc does not read tsconfig files, and editors take the paths from here.
    tsconfig: "assembly/tsconfig.json",
    protoc: { target: "assemblyscript", folder: "as" },
    // Whose types that tsconfig.json names.
    devDependencies: { assemblyscript: "~0.28.20" },
    emit: async (contract) => (await import("./emit-sdk.js")).emitSdk(contract),
    addToContract: async (tree, contract) =>
      (await import("./scaffold.js")).addToContract(tree, contract),
  },
  buildInputs: ({ contractRoots }) => ({
    inputs: [
      "{projectRoot}/assembly/**/*",
      "{projectRoot}/wplug.json",
      ...contractRoots.flatMap((root) => [
        `{workspaceRoot}/${root}/assembly/**/*`,
        `!{workspaceRoot}/${root}/${OUT}/**/*.ts`,
      ]),
      // Of the generated code what is not comments, from which the same wasm comes.
      { dependentTasksOutputFiles: `**/${OUT}/${CODE_DIGEST_FILE}`, transitive: true },
    ],
    packages: ["wplug", "@wplug/runtime", "@wplug/well-known-types", "assemblyscript"],
  }),
  checkToolchain: npmAlone,
  compile: async (job) => (await import("./compile.js")).compile(job),
  tools: async () => (await import("./tools.js")).tools(),
  addToPlugin: async (tree, plugin) => (await import("./scaffold.js")).addToPlugin(tree, plugin),
};
