import {
  formatFiles,
  type GeneratorCallback,
  getProjects,
  installPackagesTask,
  type Tree,
} from "@nx/devkit";

import { importedContracts } from "../../config/imported-contracts";
import type { WplugConfig } from "../../config/wplug-config";
import { UserError } from "../../errors/user-error";
import { configOf } from "../util/contracts";
import { runGenerator } from "../util/finish";
import { makePublishable, type PublishableProject } from "./make-publishable";
import type { PublishableGeneratorSchema } from "./schema";

/** Makes a package for other repositories of a contract or a plugin that exists. */
export function publishableGenerator(
  tree: Tree,
  options: PublishableGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const project = projectOf(tree, options.project);
    if (project === undefined) {
      throw new UserError(
        `There is no wplug project ${options.project} in this workspace: see "nx show projects".`,
      );
    }
    if (project.config.type === "host") {
      throw new UserError(
        `${options.project} is a host, which is an application of its own: only contracts and plugins are for others.`,
      );
    }
    // Whoever installs it installs what it imports.
    for (const name of importedBy(tree, options.project)) {
      const imported = projectOf(tree, name);
      if (imported !== undefined) makePublishable(tree, imported);
    }
    makePublishable(tree, project);
    if (!options.skipFormat) await formatFiles(tree);
    return () => installPackagesTask(tree, true);
  });
}

function importedBy(tree: Tree, project: string): string[] {
  return importedContracts(project, (name) => {
    const config = projectOf(tree, name)?.config;
    return config?.type === "contract" ? config.imports : [];
  });
}

function projectOf(
  tree: Tree,
  name: string,
): (PublishableProject & { readonly config: WplugConfig }) | undefined {
  const root = getProjects(tree).get(name)?.root;
  const config = root === undefined ? undefined : configOf(tree, root);
  return root === undefined || config === undefined ? undefined : { name, root, config };
}
