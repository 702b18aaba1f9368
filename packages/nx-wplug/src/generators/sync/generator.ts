import { join, relative } from "node:path";

import { getProjects, type Tree } from "@nx/devkit";

import { emitContract, generatedFolders } from "../../codegen/generate-contract";
import { CONFIG_FILE, parseWplugConfig } from "../../config/wplug-config";
import { findGenerated } from "../../generated/write-files";
import { leaveOutOfPrettier } from "../../workspace/prettier-ignore";
import { mendNxJson } from "../util/nx-json";
import { mendImports } from "./mend-imports";
import { mendPaths } from "./mend-paths";
import { mendReferences } from "./mend-references";
import { mendTags } from "./mend-tags";
import type { SyncProject } from "./sync-project";

/** What Nx shows of a sync generator. */
interface SyncResult {
  readonly outOfSyncMessage?: string;
  readonly outOfSyncDetails?: string[];
}

/**
 * Brings the files that follow from others up to date: committed SDKs, what names a contract by the name or the folder that it
 * had before it was moved, and what nx.json has to say for the targets of wplug.
 */
export async function syncGenerator(tree: Tree): Promise<SyncResult> {
  const projects = readProjects(tree);
  const details = mendNxJson(tree);
  for (const { name, root, config } of projects) {
    if (config.type !== "contract" || !config.commitGenerated) continue;
    const changed = await writeGenerated(tree, root);
    if (changed.length > 0) details.push(`${name}: ${changed.join(", ")}`);
  }
  // Paths first: a project's code is known by them.
  details.push(...mendPaths(tree, projects));
  details.push(...mendReferences(tree, projects));
  details.push(...mendImports(tree, readProjects(tree)));
  details.push(...mendTags(tree, readProjects(tree)));
  const generated = projects.flatMap(({ root, config }) =>
    config.type === "contract" ? generatedFolders(root) : [],
  );
  details.push(
    ...leaveOutOfPrettier(tree, generated).map((it) => `.prettierignore: ${it} is generated`),
  );
  if (details.length === 0) return {};
  return {
    outOfSyncMessage: "Files that wplug keeps up to date do not fit the contracts or nx.json:",
    outOfSyncDetails: details,
  };
}

function readProjects(tree: Tree): SyncProject[] {
  return [...getProjects(tree)].flatMap(([name, { root }]): SyncProject[] => {
    const path = `${root}/${CONFIG_FILE}`;
    const text = tree.read(path, "utf-8");
    return text === null ? [] : [{ name, root, config: parseWplugConfig(text, path) }];
  });
}

/** @returns paths of the files that were out of date, relative to the workspace's root */
async function writeGenerated(tree: Tree, root: string): Promise<string[]> {
  const changed: string[] = [];
  for (const output of await emitContract(join(tree.root, root))) {
    const { folder, files } = output;
    const wanted = new Map(
      files.map(({ path, content }) => [toTreePath(tree, join(folder, path)), content]),
    );
    for (const [path, content] of wanted) {
      // git on Windows may have given them other line ends.
      if (tree.read(path, "utf-8")?.replaceAll("\r\n", "\n") === content) continue;
      tree.write(path, content);
      changed.push(path);
    }
    for (const path of findGenerated(output).map((it) => toTreePath(tree, it))) {
      if (wanted.has(path)) continue;
      tree.delete(path);
      changed.push(path);
    }
  }
  return changed;
}

function toTreePath(tree: Tree, path: string): string {
  return relative(tree.root, path).replaceAll("\\", "/");
}
