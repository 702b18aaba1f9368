import { join, posix } from "node:path";

import { formatFiles, type GeneratorCallback, type Tree } from "@nx/devkit";

import { addContract } from "../contract/generator";
import { initGenerator } from "../init/generator";
import { addFiles, noteExisting } from "../util/add-files";
import { addProject, type ContractReference } from "../util/add-project";
import { findContract, GREETER, readServices, type ServiceOutline } from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import { projectLocation, type ProjectLocation } from "../util/project-location";
import type { PluginGeneratorSchema } from "./schema";

interface NormalizedOptions {
  readonly plugin: ProjectLocation;
  readonly contract: ContractReference;
  /** The plugin services that the plugin implements. */
  readonly services: readonly ServiceOutline[];
  readonly skipFormat: boolean;
}

/** Creates a plugin, and a contract for it unless it implements an existing one. */
export function pluginGenerator(
  tree: Tree,
  rawOptions: PluginGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const options = await normalizeOptions(tree, rawOptions);
    const { plugin, contract, services } = options;
    noteExisting(tree, plugin.root);
    await initGenerator(tree, { skipFormat: true });
    addProject(tree, {
      ...plugin,
      config: { type: "plugin", contract: contract.name, language: "assemblyscript" },
      contracts: [contract],
      typescript: "test",
    });
    addFiles(tree, join(__dirname, "files"), plugin.root, {
      ...plugin,
      importPath: contract.importPath,
      services,
      className: (service: ServiceOutline) => `My${service.name}`,
      messages: messageNames(services),
    });
    if (!options.skipFormat) await formatFiles(tree);
    return finish(tree, [contract], [`build ${plugin.name}`, `test ${plugin.name}`]);
  });
}

async function normalizeOptions(
  tree: Tree,
  options: PluginGeneratorSchema,
): Promise<NormalizedOptions> {
  const plugin = projectLocation(options.name, "plugin", options.directory);
  const skipFormat = options.skipFormat ?? false;
  if (options.contract !== undefined) {
    const contract = findContract(tree, options.contract);
    return { plugin, contract, services: await readServices(tree, contract), skipFormat };
  }
  const name = `${plugin.baseName}-contract`;
  const root = posix.join(posix.dirname(plugin.root), name);
  if (tree.exists(`${root}/wplug.json`)) {
    const contract = findContract(tree, name);
    return { plugin, contract, services: await readServices(tree, contract), skipFormat };
  }
  const contract = addContract(tree, { name, baseName: plugin.baseName, root });
  return { plugin, contract, services: [GREETER], skipFormat };
}

/** The messages that the implementation of the services names, each once. */
function messageNames(services: readonly ServiceOutline[]): string[] {
  const names = services.flatMap(({ methods }) =>
    methods.flatMap(({ input, output }) => [input, output]),
  );
  return [...new Set(names)].sort();
}
