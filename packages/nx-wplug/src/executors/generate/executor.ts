import { join } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { readProtos } from "../../contract/read-contract";
import { generateGo, goGaps } from "../../languages/go/emit-sdk";
import { UserError } from "../../errors/user-error";
import { type PluginConfig, readWplugConfig } from "../../config/wplug-config";
import { findProject, runTask, taskProject, type TaskProject } from "../run-task";
import { findPlugins } from "../wplug-projects";
import { generateContract } from "../../codegen/generate-contract";
import type { GenerateExecutorSchema } from "./schema";

/**
 * Generates the SDKs of a contract, or the Go SDK of a plugin that is written in Go; nothing if there is any mistake in the
 * protos.
 */
export function generateExecutor(
  _options: GenerateExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const config = readWplugConfig(project.folder, ["contract", "plugin"]);
    if (config.type === "plugin") {
      await generatePlugin(project, config, context);
    } else {
      await generateContract(project.folder);
      await warnAboutGo(project, config.proto, context);
    }
    return true;
  });
}

async function generatePlugin(
  { name, folder }: TaskProject,
  { contract, language }: PluginConfig,
  context: ExecutorContext,
): Promise<void> {
  if (language === "assemblyscript") {
    throw new UserError(`${name} is in AssemblyScript: its SDK is generated with ${contract}.`);
  }
  const { folder: contractFolder } = findProject(context, contract);
  const { proto } = readWplugConfig(contractFolder, ["contract"]);
  await generateGo({ plugin: name, folder, protoRoot: join(contractFolder, proto) });
}

/** Those who change a contract should hear at once that its plugins in Go can't follow. */
async function warnAboutGo(
  { name, folder }: TaskProject,
  proto: string,
  context: ExecutorContext,
): Promise<void> {
  const inGo = findPlugins(name, context).filter(
    ({ config: { language } }) => language === "go" || language === "tinygo",
  );
  if (inGo.length === 0) return;
  const protoRoot = join(folder, proto);
  const plugins = inGo.map(({ project }) => project.name);
  const gaps = goGaps(await readProtos(protoRoot), protoRoot, plugins);
  if (gaps !== undefined) console.warn(`warning: ${gaps.message.replaceAll("\n", "\nwarning: ")}`);
}
