import { filesOfPlugin, type LanguageWith, type PluginSdk } from "../language";
import { GO_MARK } from "./go-mark";
import { GO_OUT } from "./go-names";
import type { GoCompiler } from "./toolchain";

const VERSION = { runtime: "go env GOVERSION" };

/** https://go.dev, compiled by Go itself. */
export const go: LanguageWith<PluginSdk> = goLanguage("go", []);

/** The same, compiled by https://tinygo.org, which needs Go beside it. */
export const tinygo: LanguageWith<PluginSdk> = goLanguage("tinygo", [
  { runtime: "tinygo version" },
]);

function goLanguage(
  compiler: GoCompiler,
  versions: readonly { runtime: string }[],
): LanguageWith<PluginSdk> {
  return {
    name: compiler,
    title: "Go",
    memory: "toolchain",
    // In a module of the plugin's own: Go does not import from a package of npm.
    sdk: {
      place: "plugin",
      folder: GO_OUT,
      mark: GO_MARK,
      inputs: ["{projectRoot}/go.mod", "{projectRoot}/go.sum", VERSION],
      emit: async (job) => (await import("./emit-sdk.js")).emitSdk(job),
      findGaps: async (protos) => (await import("./gaps/find-gaps.js")).findGaps(protos),
    },
    buildInputs: ({ protos }) => ({
      inputs: [
        // A Go package may embed any file of its folder.
        ...filesOfPlugin(["**/*_test.go"]),
        "{workspaceRoot}/go.work",
        "{workspaceRoot}/go.work.sum",
        // The names of services are in the module.
        ...protos,
        { dependentTasksOutputFiles: "**/*.go" },
        { env: "GOFLAGS" },
        VERSION,
        ...versions,
      ],
      packages: ["wplug"],
    }),
    checkToolchain: async (folder) => (await import("./toolchain.js")).checkToolchain(folder),
    compile: async (job) => (await import("./compile.js")).compile(compiler, job),
    addToPlugin: async (tree, plugin) => (await import("./scaffold.js")).addToPlugin(tree, plugin),
  };
}
