import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { contractSources } from "../../config/contract-sources";
import { readWplugConfig } from "../../config/wplug-config";
import type { ProtoSources } from "../../contract/proto-sources";
import { readContract } from "../../contract/read-contract";
import { fetchPlugin } from "../../distribution/fetch-plugin";
import { isRegistrySource } from "../../distribution/workspace-plugins";
import { UserError } from "../../errors/user-error";
import { Builder } from "../builder";
import { findContract, runTask, taskProject, type TaskProject } from "../run-task";
import { watchFolders } from "../watch-folders";
import { findPlugins } from "../wplug-projects";
import type { ServeExecutorSchema } from "./schema";

/**
 * Runs a host until it ends. When sources of its plugins or contracts change, the plugins are built again; a host that
 * loads them with the option `watch` uses the new ones from then on. When sources of the host itself change, or a contract
 * gets another version, which the running host would refuse, the host is built and started again.
 */
export function serveExecutor(
  options: ServeExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const host = taskProject(context);
    const { contracts } = readWplugConfig(host.folder, ["host"]);
    if (!existsSync(join(host.folder, options.main))) {
      throw new UserError(
        `${join(host.root, options.main)} does not exist: run "nx run ${host.name}:${options.buildTarget}".`,
      );
    }
    const program = new Program(host, {
      ...options,
      plugins: await onThisMachine(options.plugins, host, context.root),
    });
    if (!options.watch) return (await program.ended) === 0;

    const plugins = contracts.flatMap((name) =>
      findPlugins(name, context).map(({ project }) => project),
    );
    const watched = [
      host,
      ...contracts.map((name) => findContract(context, name, host)),
      ...plugins,
    ];
    const builder = new Builder(context.root, [host, ...plugins], options.buildTarget);
    const protos = contracts.map((name) =>
      contractSources(findContract(context, name, host).folder),
    );
    // Not awaited before sources are watched: an edit in between would be lost.
    let versions = versionsOf(protos);
    const stop = watchFolders(
      watched.map(({ folder }) => folder),
      (changed) => {
        const names = watched.filter(({ folder }) => changed.has(folder)).map(({ name }) => name);
        console.log(`\n${names.join(", ")} changed: building…`);
        const update = async (): Promise<void> => {
          const ok = await builder.build();
          console.log(ok ? "Built." : "The last build that worked goes on.");
          if (!ok) return;
          const before = await versions;
          const after = await versionsOf(protos);
          versions = Promise.resolve(after);
          if (changed.has(host.folder) || after !== before) program.restart();
        };
        update().catch(console.error);
      },
    );
    try {
      await versions;
      return (await program.ended) === 0;
    } finally {
      stop();
      builder.stop();
    }
  });
}

/** Paths of plugins, relative to the host; those of registries are fetched. */
function onThisMachine(
  plugins: readonly string[],
  { folder }: TaskProject,
  workspaceRoot: string,
): Promise<string[]> {
  return Promise.all(
    plugins.map(async (plugin) =>
      isRegistrySource(plugin)
        ? relative(folder, await fetchPlugin(plugin, folder, workspaceRoot))
        : plugin,
    ),
  );
}

/** The versions of all plugin services of contracts, to be compared. */
async function versionsOf(sources: readonly ProtoSources[]): Promise<string> {
  const contracts = await Promise.all(sources.map((it) => readContract(it.protoRoot, it)));
  return contracts
    .flatMap(({ files }) => files.flatMap(({ pluginServices }) => pluginServices))
    .map(({ typeName, version }) => `${typeName} ${version}`)
    .join();
}

/** The host's process. */
class Program {
  /** The exit code with which it ended by itself; null if a signal ended it. */
  readonly ended: Promise<number | null>;
  private child: ChildProcess;
  private restarting = false;
  private readonly finish: (code: number | null) => void;

  constructor(
    private readonly host: TaskProject,
    private readonly options: ServeExecutorSchema,
  ) {
    let finish: (code: number | null) => void = () => {};
    this.ended = new Promise((resolve) => {
      finish = resolve;
    });
    this.finish = finish;
    this.child = this.start();
    // Whoever ends Nx ends the host.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => this.child.kill(signal));
    }
    process.once("exit", () => this.child.kill());
  }

  restart(): void {
    if (this.restarting) return;
    this.restarting = true;
    this.child.kill();
  }

  private start(): ChildProcess {
    const { main, plugins, args } = this.options;
    const child = spawn(process.execPath, [main, ...plugins, ...args], {
      cwd: this.host.folder,
      stdio: "inherit",
    });
    child.on("exit", (code) => {
      if (!this.restarting) {
        this.finish(code);
        return;
      }
      this.restarting = false;
      this.child = this.start();
    });
    return child;
  }
}
