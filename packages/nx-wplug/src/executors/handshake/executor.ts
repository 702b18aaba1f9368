import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import type { ExecutorContext } from "@nx/devkit";

import { wplugVersion } from "../../generated/header";
import { fetchPlugin } from "../../distribution/fetch-plugin";
import { writeAtOnce } from "../../system/write-at-once";
import { runTask, taskProject, type TaskProject } from "../run-task";
import { formatHtml } from "./format-html";
import { formatJunit } from "./format-junit";
import { formatProblem, formatTable } from "./format-table";
import type { HandshakeRow } from "./handshake-row";
import { type HostSdk, loadHostSdk } from "./load-host-sdk";
import { findPairs, type HandshakePlugin, type Pairs } from "./pairs";
import type { HandshakeExecutorSchema } from "./schema";

/**
 * Loads built plugins with the SDK of every host that they are for: compares versions, exports and imports, and calls
 * every rpc with an empty request. A pair of which nothing changed since the last report is taken from there.
 */
export function handshakeExecutor(
  options: HandshakeExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return runTask(async () => {
    const project = taskProject(context);
    const json = join(project.folder, options.json);
    const { rows, reused } =
      options.reports === undefined
        ? await checkPairs(project, options.plugin, json, context)
        : { rows: options.reports.flatMap((it) => rowsIn(join(project.folder, it))), reused: 0 };

    await write(json, JSON.stringify({ handshakes: rows }, null, 2) + "\n");
    await write(join(project.folder, options.junit), formatJunit(rows));
    if (options.html) {
      const html = join(project.folder, options.json.replace(/(?:\.json)?$/, ".html"));
      await write(html, formatHtml(rows));
      console.log(`The matrix is in ${relative(context.root, html)}`);
    }
    if (rows.length === 0) console.log("There is no plugin of the contract to check.");
    else console.log(formatTable(rows));
    if (reused > 0) console.log(`${reused} of ${rows.length} as in the last report`);
    const broken = rows.filter(({ problems }) => problems.length > 0);
    for (const row of broken) {
      for (const problem of row.problems) console.error(formatProblem(row, problem));
    }
    return broken.length === 0;
  });
}

/**
 * Brings a project's partners together.
 *
 * @param only the one plugin to check
 * @param lastReport absolute path
 */
async function checkPairs(
  project: TaskProject,
  only: string | undefined,
  lastReport: string,
  context: ExecutorContext,
): Promise<{ rows: HandshakeRow[]; reused: number }> {
  const known = readKnownRows(lastReport);
  const rows: HandshakeRow[] = [];
  for (const pairs of findPairs(project, context)) {
    const plugins = pairs.plugins.filter(({ name }) => only === undefined || name === only);
    if (plugins.length === 0) continue;
    const sdk = await loadHostSdk(context.root, pairs.contract, pairs.host, project);
    for (const plugin of plugins) {
      const built = await fetched(plugin, project, context.root);
      rows.push(...(await checkPlugin(pairs, built, sdk, known, context.root)));
    }
  }
  return { rows, reused: rows.filter(({ digest }) => known.has(digest)).length };
}

/** A plugin whose wasm is on this machine. */
async function fetched(
  plugin: HandshakePlugin,
  { folder }: TaskProject,
  workspaceRoot: string,
): Promise<HandshakePlugin> {
  if (plugin.source === undefined) return plugin;
  return { ...plugin, wasm: await fetchPlugin(plugin.source, folder, workspaceRoot) };
}

/** Rows of a report. */
function rowsIn(json: string): HandshakeRow[] {
  return (JSON.parse(readFileSync(json, "utf8")) as { handshakes: HandshakeRow[] }).handshakes;
}

/** Rows of the last report without problems, by digest. */
function readKnownRows(json: string): ReadonlyMap<string, HandshakeRow> {
  try {
    return new Map(
      rowsIn(json)
        .filter(({ digest, problems }) => digest.length > 0 && problems.length === 0)
        .map((row) => [row.digest, row]),
    );
  } catch {
    // There was none, or it is not ours: everything is checked.
    return new Map();
  }
}

async function checkPlugin(
  { contract, host }: Pairs,
  plugin: HandshakePlugin,
  sdk: HostSdk,
  known: ReadonlyMap<string, HandshakeRow>,
  workspaceRoot: string,
): Promise<HandshakeRow[]> {
  const exists = existsSync(plugin.wasm);
  const rows: HandshakeRow[] = [];
  for (const service of await servicesOf(plugin, sdk)) {
    const head = {
      contract: contract.name,
      host: host?.name ?? null,
      plugin: plugin.name,
      service: service.typeName,
      hostVersion: service.version,
      hostVersions: sdk.versionsOf(service),
    };
    if (!exists) {
      const path = relative(workspaceRoot, plugin.wasm);
      const remedy = plugin.isVendored
        ? "put it there, or take it out of wplug.json"
        : `run "nx build ${plugin.name}"`;
      rows.push({
        ...head,
        pluginVersion: null,
        missingExports: [],
        unknownImports: [],
        calls: [],
        problems: [`${path} does not exist: ${remedy}`],
        digest: "",
      });
      continue;
    }
    const digest = createHash("sha256")
      .update(await readFile(plugin.wasm))
      .update(JSON.stringify([wplugVersion(), sdk.digest, head]))
      .digest("hex");
    const last = known.get(digest);
    if (last !== undefined) {
      rows.push(last);
      continue;
    }
    const { hostVersion, pluginVersion, missingExports, unknownImports, calls, problems } =
      await sdk.check(plugin.wasm, service);
    rows.push({
      ...head,
      hostVersion,
      pluginVersion: pluginVersion ?? null,
      missingExports,
      unknownImports,
      calls,
      problems,
      digest,
    });
  }
  return rows;
}

/** The services that a plugin has to implement: a vendored one those that it exports a version of, or else all. */
async function servicesOf(
  { isVendored, wasm }: HandshakePlugin,
  sdk: HostSdk,
): Promise<HostSdk["services"]> {
  if (!isVendored) return sdk.services;
  const exports = await sdk.exportsOf(wasm);
  const some = sdk.services.filter(({ apiVersionExport }) => exports.includes(apiVersionExport));
  return some.length === 0 ? sdk.services : some;
}

function write(file: string, content: string): Promise<void> {
  return writeAtOnce(file, Buffer.from(content));
}
