import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { readWplugConfig } from "../../config/wplug-config";
import { findBreaking } from "../../contract/compile/find-breaking";
import { readContract } from "../../contract/read-contract";
import { runTask, taskProject } from "../run-task";
import { compareContracts, type ServiceChange, versionProblem } from "./compare-contracts";
import { extractProtos, findBase } from "./git-base";
import type { CheckVersionExecutorSchema } from "./schema";

/** Fails if a contract breaks the plugins or hosts that were built at the base, without a higher version. */
export function checkVersionExecutor(
  options: CheckVersionExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const { proto, breaking: rules } = readWplugConfig(project.folder, ["contract"]);
    const base = findBase(context.root, options.base ?? defaultBase(context));
    const folder = join(project.folder, proto);
    const shown = posix.join(project.root, proto);
    const old = await mkdtemp(join(tmpdir(), "wplug-base-"));
    try {
      if (extractProtos(context.root, base, shown, old) === 0) {
        console.log(`${project.name} is new since ${base.name}.`);
        return true;
      }
      const contract = await readContract(folder);
      const breaking = (await findBreaking(folder, old, rules)).map((diagnostic) => ({
        ...diagnostic,
        path: relative(folder, diagnostic.path).replaceAll("\\", "/"),
      }));
      const changes = compareContracts(await readContract(old), contract, breaking);
      const show = ({ file, breaking: found, ...rest }: ServiceChange): ServiceChange => ({
        ...rest,
        file: posix.join(shown, file),
        breaking: found.map((it) => ({ ...it, path: posix.join(shown, it.path) })),
      });
      let success = true;
      for (const change of changes.map(show)) {
        const problem = versionProblem(change, base.name);
        if (problem.length === 0) console.log(summaryOf(change, base.name));
        else {
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
