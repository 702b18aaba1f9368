import {
  formatFiles,
  type GeneratorCallback,
  getProjects,
  installPackagesTask,
  type Tree,
} from "@nx/devkit";

import { UserError } from "../../errors/user-error";
import { configOf } from "../util/contracts";
import { runGenerator } from "../util/finish";
import { makePublishable } from "./make-publishable";
import type { PublishableGeneratorSchema } from "./schema";

/** Makes a package for other repositories of a contract or a plugin that exists. */
export function publishableGenerator(
  tree: Tree,
  options: PublishableGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const root = getProjects(tree).get(options.project)?.root;
    const config = root === undefined ? undefined : configOf(tree, root);
    if (root === undefined || config === undefined) {
      throw new UserError(
        `There is no wplug project ${options.project} in this workspace: see "nx show projects".`,
      );
    }
    if (config.type === "host") {
      throw new UserError(
        `${options.project} is a host, which is an application of its own: only contracts and plugins are for others.`,
      );
    }
    makePublishable(tree, { name: options.project, root, config });
    if (!options.skipFormat) await formatFiles(tree);
    return () => installPackagesTask(tree, true);
  });
}
