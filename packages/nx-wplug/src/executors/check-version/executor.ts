import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { contractSources } from "../../config/contract-sources";
import { CONFIG_FILE, readWplugConfig } from "../../config/wplug-config";
import { findProtos } from "../../contract/compile/compile-protos";
import { findBreaking } from "../../contract/compile/find-breaking";
import { type Protos, readProtos } from "../../contract/read-contract";
import { toPosix } from "../../system/shown-path";
import { runTask, taskProject } from "../run-task";
import {
  adapterHint,
  compareContracts,
  type ServiceChange,
  versionProblem,
} from "./compare-contracts";
import { extractContracts, findBase } from "./git-base";
import type { CheckVersionExecutorSchema } from "./schema";

/** Fails if a contract breaks the plugins or hosts that were built at the base, without a higher version. */
export function checkVersionExecutor(
  options: CheckVersionExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const { breaking: rules } = readWplugConfig(project.folder, ["contract"]);
    const base = findBase(context.root, options.base ?? defaultBase(context));
    const old = await mkdtemp(join(tmpdir(), "wplug-base-"));
    try {
      extractContracts(context.root, base, old);
      const before = await readBase(join(old, project.root));
      if (before === undefined) {
        console.log(`${project.name} is new since ${base.name}.`);
        return true;
      }
      const sources = contractSources(project.folder);
      const now = await readProtos(sources.protoRoot, sources);
      const breaking = await findBreaking(now.descriptors, before.descriptors, rules);
      const onDisk = (path: string) => toPosix(relative(context.root, resolve(now.onDisk(path))));
      const changes = compareContracts(before.contract, now, breaking);
      const show = ({ file, breaking: found, ...rest }: ServiceChange): ServiceChange => ({
        ...rest,
        file: onDisk(file),
        breaking: found.map((it) => ({ ...it, path: onDisk(it.path) })),
      });
      let success = true;
      for (const change of changes.map(show)) {
        const problem = versionProblem(change, base.name);
        if (problem.length === 0) {
          console.log([summaryOf(change, base.name), ...adapterHint(change)].join("\n"));
        } else {
          success = false;
          console.error(problem.join("\n"));
        }
      }
      if (!success) console.error(`"nx g wplug:bump-version ${project.name}" raises the version.`);
      return success;
    } finally {
      await rm(old, { recursive: true, force: true });
    }
  });
}

/** A contract as it was at the base; undefined if it was none. */
async function readBase(folder: string): Promise<Protos | undefined> {
  if (!existsSync(join(folder, CONFIG_FILE))) return undefined;
  const sources = contractSources(folder);
  if (!existsSync(sources.protoRoot) || findProtos(sources.protoRoot).length === 0) {
    return undefined;
  }
  return readProtos(sources.protoRoot, sources);
}

function defaultBase({ nxJsonConfiguration }: ExecutorContext): string {
  return (
    process.env["NX_BASE"] ??
    nxJsonConfiguration?.defaultBase ??
    nxJsonConfiguration?.affected?.defaultBase ??
    "main"
  );
}

function summaryOf({ typeName, version, baseVersion }: ServiceChange, base: string): string {
  if (baseVersion === undefined) return `${typeName}: version ${version}, new since ${base}`;
  if (version > baseVersion)
    return `${typeName}: version ${version}, was ${baseVersion} at ${base}`;
  return `${typeName}: version ${version}, fits what was built from ${base}`;
}
