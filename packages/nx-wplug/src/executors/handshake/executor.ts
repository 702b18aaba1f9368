import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { CONFIG_FILE, readWplugConfig, type WplugConfig } from "../../project/wplug-config";
import { findProject, runTask, taskProject, type TaskProject } from "../run-task";
import { formatTable } from "./format-table";
import { loadHostSdk } from "./load-host-sdk";
import type { HandshakeExecutorSchema } from "./schema";

/** One plugin against one service of the contract. */
export interface HandshakeRow {
  readonly contract: string;
  readonly plugin: string;
  readonly service: string;
  readonly hostVersion: number;
  /** null if the plugin cannot tell. */
  readonly pluginVersion: number | null;
  readonly missingExports: readonly string[];
  readonly unknownImports: readonly string[];
  /** Sentences for people; empty if plugin and service fit. */
  readonly problems: readonly string[];
}

/**
 * Checks the built plugins of a contract against the contract's host SDK: for a plugin itself alone, for a contract or a
 * host all plugins of the contract.
 */
export function handshakeExecutor(
  options: HandshakeExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const rows: HandshakeRow[] = [];
    for (const { contract, plugins } of pairsOf(project, context)) {
      rows.push(...(await checkPlugins(contract, plugins, context)));
    }

    const file = join(project.folder, options.json);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ handshakes: rows }, null, 2) + "\n");
    console.log(
      rows.length === 0 ? "There is no plugin of the contract to check." : formatTable(rows),
    );
    const broken = rows.filter(({ problems }) => problems.length > 0);
    for (const { plugin, service, problems } of broken) {
      for (const problem of problems) console.error(`${plugin}: ${problem} (${service})`);
    }
    return broken.length === 0;
  });
}

interface Pairs {
  readonly contract: TaskProject;
  readonly plugins: readonly TaskProject[];
}

function pairsOf(project: TaskProject, context: ExecutorContext): Pairs[] {
  const config = readWplugConfig(project.folder, ["contract", "plugin", "host"]);
  if (config.type === "plugin") {
    return [{ contract: findProject(context, config.contract), plugins: [project] }];
  }
  const contracts = config.type === "host" ? config.contracts : [project.name];
  return contracts.map((name) => ({
    contract: findProject(context, name),
    plugins: pluginsOf(name, context),
  }));
}

function pluginsOf(contract: string, context: ExecutorContext): TaskProject[] {
  return Object.keys(context.projectsConfigurations.projects)
    .sort()
    .map((name) => findProject(context, name))
    .filter(({ folder }) => existsSync(join(folder, CONFIG_FILE)))
    .filter(({ folder }) => {
      const config: WplugConfig = readWplugConfig(folder, ["contract", "plugin", "host"]);
      return config.type === "plugin" && config.contract === contract;
    });
}

async function checkPlugins(
  contract: TaskProject,
  plugins: readonly TaskProject[],
  context: ExecutorContext,
): Promise<HandshakeRow[]> {
  const { services, checkHandshake } = await loadHostSdk(contract);
  const rows: HandshakeRow[] = [];
  for (const plugin of plugins) {
    const wasm = join(plugin.folder, "dist", `${plugin.name}.wasm`);
    for (const service of services) {
      const head = { contract: contract.name, plugin: plugin.name, service: service.typeName };
      if (!existsSync(wasm)) {
        rows.push({
          ...head,
          hostVersion: service.version,
          pluginVersion: null,
          missingExports: [],
          unknownImports: [],
          problems: [
            `${relative(context.root, wasm)} does not exist: run "nx build ${plugin.name}"`,
          ],
        });
        continue;
      }
      const { pluginVersion, ...report } = await checkHandshake(wasm, service);
      rows.push({ ...head, ...report, pluginVersion: pluginVersion ?? null });
    }
  }
  return rows;
}
