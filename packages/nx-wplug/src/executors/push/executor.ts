import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { readWplugConfig } from "../../config/wplug-config";
import { withOci } from "../../distribution/load-oci";
import { readSignKey } from "../../distribution/read-files";
import { UserError } from "../../errors/user-error";
import { runTask, taskProject, type TaskProject } from "../run-task";
import type { PushExecutorSchema } from "./schema";

/** Puts a built plugin into a registry, under its version. One that is there with another digest is refused. */
export function pushExecutor(
  options: PushExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const plugin = taskProject(context);
    const { registry = readWplugConfig(plugin.folder, ["plugin"]).registry } = options;
    const repository = repositoryOf(plugin, registry, options.repository);
    const file = join(plugin.folder, options.file ?? `dist/${plugin.name}.wasm`);
    if (!existsSync(file)) {
      const path = relative(context.root, file);
      throw new UserError(`${path} does not exist: run "nx build ${plugin.name}".`);
    }
    const wasm = await readFile(file);
    const version = versionOf(plugin);
    // Nx tells those of its own executors that read it.
    const dryRun = options.dryRun === true || process.env["NX_DRY_RUN"] === "true";
    const { signKey, force } = options;
    await withOci(async (oci) => {
      const key = await readSignKey(oci, signKey && resolve(context.root, signKey));
      for (const tag of tagsFor(plugin, version, options.tag)) {
        const { existed, manifest } = await oci.pushPlugin(`${repository}:${tag}`, wasm, {
          title: basename(file),
          version,
          force,
          dryRun,
          signKey: key,
        });
        const done = existed ? "was there already" : dryRun ? "would be pushed" : "pushed";
        console.log(`${repository}:${tag} ${done}: ${manifest}`);
      }
    });
    return true;
  });
}

function repositoryOf(
  { name, root }: TaskProject,
  registry: string | undefined,
  repository = name.slice(name.lastIndexOf("/") + 1).toLowerCase(),
): string {
  if (registry === undefined || registry === "") {
    throw new UserError(
      `${root}/wplug.json names no "registry", and there is no option --registry: ghcr.io/acme, say.`,
    );
  }
  return `oci://${registry.replace(/^(oci|https?):\/\//, "").replace(/\/+$/, "")}/${repository}`;
}

function versionOf({ folder }: TaskProject): string | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  const { version } = JSON.parse(readFileSync(path, "utf8")) as { version?: string };
  return version;
}

function tagsFor(
  { root }: TaskProject,
  version: string | undefined,
  tag: string | undefined,
): string[] {
  const tags = [
    // Registries take no + in tags; Helm writes _ for it, too.
    ...(version === undefined ? [] : [version.replaceAll("+", "_")]),
    ...(tag === undefined ? [] : [tag]),
  ];
  if (tags.length > 0) return [...new Set(tags)];
  throw new UserError(
    `${root} has no version to push it under: add "version" to its package.json, or --tag=TAG.`,
  );
}
