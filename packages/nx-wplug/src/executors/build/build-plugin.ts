import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { contractSources } from "../../config/contract-sources";
import { type PluginConfig, readWplugConfig } from "../../config/wplug-config";
import type { ProtoSources } from "../../contract/proto-sources";
import { wplugVersion } from "../../generated/header";
import { languageNamed } from "../../languages/find-language";
import type { PluginSections } from "../../wasm/write-plugin";
import { findContract, type Output, runTask, taskProject, type TaskProject } from "../run-task";
import type { BuildExecutorSchema } from "./schema";

/** Compiles a plugin to `dist/<project>.wasm`, whatever its language. What was built before stays if there is any error. */
export function buildPlugin(
  options: BuildExecutorSchema,
  context: ExecutorContext,
  output: Output,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const config = readWplugConfig(plugin.folder, ["plugin"]);
    const contract = findContract(context, config.contract, plugin);
    const sources = contractSources(contract.folder);
    const language = languageNamed(config.language);
    const outFile = join(plugin.folder, options.outputFile ?? `dist/${plugin.name}.wasm`);
    let described = 0;
    const result = await language.compile({
      workspaceRoot: context.root,
      plugin,
      contract,
      imports: sources.imports ?? [],
      main: options.main,
      start: config.start ?? "build",
      // Read while the compiler runs, which takes ten times as long.
      section: async () => {
        const section = await readSections(contract, sources, config);
        described = section.descriptors?.length ?? 0;
        return section;
      },
      outFile,
    });
    // Only now, as it takes time. What it says comes instead of what the compiler said about the same.
    if (!result.ok) await language.checkToolchain(plugin.folder);
    for (const message of result.messages) output.error(message);
    if (result.ok) {
      const ofThese = described === 0 ? "" : `, ${described} of them describe the contract`;
      output.log(`${relative(context.root, outFile)}  ${result.size} bytes${ofThese}`);
    }
    return result.ok;
  }, output);
}

/** What tools can read about a plugin without running it. */
async function readSections(
  contract: TaskProject,
  sources: ProtoSources,
  { language, describe }: PluginConfig,
): Promise<PluginSections> {
  // Loaded while the compiler runs, too.
  const { readProtos } = await import("../../contract/read-contract.js");
  const { describeContract } = await import("../../descriptors/describe-contract.js");
  const { descriptors, contract: model } = await readProtos(sources.protoRoot, sources);
  const tools = await languageNamed(language).tools?.();
  return {
    wplug: {
      generator: `wplug ${wplugVersion()}`,
      contract: contract.name,
      // Hosts go by it where memory is freed by rules of a toolchain's own.
      language,
      ...(tools !== undefined && { tools }),
      services: model.files.flatMap(({ pluginServices }) =>
        pluginServices.map(({ typeName, version }) => ({ typeName, version })),
      ),
    },
    descriptors: describe ? describeContract(descriptors) : undefined,
  };
}
