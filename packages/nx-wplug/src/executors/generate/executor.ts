import type { ExecutorContext } from "@nx/devkit";

import { generateContract } from "../../codegen/generate-contract";
import { findGaps, generatePlugin } from "../../codegen/generate-plugin";
import { contractSources } from "../../config/contract-sources";
import { type PluginConfig, readWplugConfig } from "../../config/wplug-config";
import { readProtos } from "../../contract/read-contract";
import { UserError } from "../../errors/user-error";
import { hasPluginSdk, languageNamed } from "../../languages/find-language";
import { findContract, runTask, taskProject, type TaskProject } from "../run-task";
import { findPlugins } from "../wplug-projects";
import type { GenerateExecutorSchema } from "./schema";

/** Generates the SDKs of a contract, or the one that lies in a plugin; nothing if there is any mistake in the protos. */
export function generateExecutor(
  _options: GenerateExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const config = readWplugConfig(project.folder, ["contract", "plugin"]);
    if (config.type === "plugin") {
      await generateSdkOf(project, config, context);
    } else {
      await generateContract(project.folder);
      await warnAboutGaps(project, context);
    }
    return true;
  });
}

async function generateSdkOf(
  plugin: TaskProject,
  config: PluginConfig,
  context: ExecutorContext,
): Promise<void> {
  const { name, folder } = plugin;
  const { contract } = config;
  const language = languageNamed(config.language);
  if (!hasPluginSdk(language)) {
    throw new UserError(`${name} is in ${language.title}: its SDK is generated with ${contract}.`);
  }
  const { folder: contractFolder } = findContract(context, contract, plugin);
  const sources = contractSources(contractFolder);
  await generatePlugin({ plugin: name, folder, language, sources });
}

/** Those who change a contract should hear at once that some of its plugins can't follow. */
async function warnAboutGaps(
  { name, folder }: TaskProject,
  context: ExecutorContext,
): Promise<void> {
  const plugins = findPlugins(name, context).flatMap(({ project, config }) => {
    const language = languageNamed(config.language);
    return hasPluginSdk(language) ? [{ plugin: project.name, language }] : [];
  });
  if (plugins.length === 0) return;
  const sources = contractSources(folder);
  const protos = await readProtos(sources.protoRoot, sources);
  for (const title of new Set(plugins.map(({ language }) => language.title))) {
    const alike = plugins.filter(({ language }) => language.title === title);
    const [first] = alike;
    if (first === undefined) continue;
    const names = alike.map(({ plugin }) => plugin);
    const gaps = await findGaps(first.language, protos, names);
    if (gaps !== undefined)
      console.warn(`warning: ${gaps.message.replaceAll("\n", "\nwarning: ")}`);
  }
}
