import {
  getProjects,
  readProjectConfiguration,
  type Tree,
  updateProjectConfiguration,
} from "@nx/devkit";

import { CONFIG_FILE, parseWplugConfig } from "../config/wplug-config";
import { tagsOf } from "../generators/util/add-project";

/** Gives every wplug project the tags that the generators give new ones. Tags of the user's own stay. */
export function addProjectTags(tree: Tree): void {
  for (const [name, { root }] of getProjects(tree)) {
    const path = `${root}/${CONFIG_FILE}`;
    const text = tree.read(path, "utf-8");
    if (text === null) continue;
    const project = readProjectConfiguration(tree, name);
    const tags = [
      ...new Set([...(project.tags ?? []), ...tagsOf(name, parseWplugConfig(text, path))]),
    ];
    if (tags.length === project.tags?.length) continue;
    updateProjectConfiguration(tree, name, { ...project, tags });
  }
}
