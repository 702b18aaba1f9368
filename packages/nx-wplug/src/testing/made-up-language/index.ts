import type { LanguageWith, PluginSdk } from "../../languages/language";

/**
 * The text format of WebAssembly, as a language for plugins: what a folder of `languages/` needs to hold, without a
 * toolchain of its own. Tests add it to the list of languages, and nothing else knows of it.
 */
export const wat: LanguageWith<PluginSdk> = {
  name: "wat",
  title: "WebAssembly text",
  memory: "abi",
  sdk: {
    place: "plugin",
    folder: "abi",
    mark: { extension: ".wat", pattern: /^;; Generated\b/ },
    inputs: ["{projectRoot}/abi.lock"],
    emit: async (job) => (await import("./emit-sdk.js")).emitSdk(job),
    findGaps: async (protos) => (await import("./gaps/find-gaps.js")).findGaps(protos),
  },
  buildInputs: ({ protos }) => ({
    inputs: ["{projectRoot}/*.wat", ...protos, { dependentTasksOutputFiles: "**/*.wat" }],
    packages: ["wplug", "wabt"],
  }),
  checkToolchain: async (folder) => (await import("./toolchain.js")).checkToolchain(folder),
  compile: async (job) => (await import("./compile.js")).compile(job),
  addToPlugin: async (tree, plugin) => (await import("./scaffold.js")).addToPlugin(tree, plugin),
};
