import { readProjectConfiguration, type Tree, updateProjectConfiguration } from "@nx/devkit";

import { tagsOf } from "../util/add-project";
import type { SyncProject } from "./sync-project";

/**
 * Mends tags `wplug:…` that name a contract which is not the project's: when a project moves, Nx writes its new folder
 * wherever its settings say what the old one was called. Projects without such tags stay without them.
 *
 * @returns what was mended, for people
 */
export function mendTags(tree: Tree, projects: readonly SyncProject[]): string[] {
  const mended: string[] = [];
  for (const { name, root, config } of projects) {
    const project = readProjectConfiguration(tree, name);
    const { tags = [] } = project;
    const wanted = tagsOf(name, config);
    const isWrong = (tag: string) => tag.startsWith("wplug:") && !wanted.includes(tag);
    if (!tags.some(isWrong)) continue;
    const right = [...new Set([...tags.filter((tag) => !isWrong(tag)), ...wanted])];
    updateProjectConfiguration(tree, name, { ...project, tags: right });
    mended.push(`${root}: the tags are ${right.join(", ")}`);
  }
  return mended;
}
