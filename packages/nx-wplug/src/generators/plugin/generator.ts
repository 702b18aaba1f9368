import { join, posix } from "node:path";

import { formatFiles, type GeneratorCallback, type Tree } from "@nx/devkit";

import { generateGo } from "../../languages/go/emit-sdk";
import { GO_PLUGIN_VERSION } from "../../languages/go/go-module";
import { goOutline, type OutlinedFile } from "../../languages/go/go-outline";
import type { Language } from "../../config/wplug-config";
import { addContract } from "../contract/generator";
import { initGenerator } from "../init/generator";
import { addFiles, noteExisting } from "../../workspace/add-files";
import { addProject, type ContractReference } from "../util/add-project";
import {
  findContract,
  GREETER,
  greeterFile,
  newProtoPackage,
  protoRootOf,
  readContractOf,
  servicesOf,
  type ServiceOutline,
} from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import { addToGoWork } from "../../languages/go/go-work";
import { projectLocation, type ProjectLocation } from "../util/project-location";
import type { PluginGeneratorSchema } from "./schema";

interface NormalizedOptions {
  readonly plugin: ProjectLocation;
  readonly language: Language;
  readonly contract: ContractReference;
  /** Its files, as far as a plugin in Go needs to know them. */
  readonly files: readonly OutlinedFile[];
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
    const { plugin, language, contract, services } = options;
    noteExisting(tree, plugin.root);
    await initGenerator(tree, { skipFormat: true });
    addProject(tree, {
      ...plugin,
      config: { type: "plugin", contract: contract.name, language },
      contracts: [contract],
      typescript: "test",
    });
    addFiles(tree, join(__dirname, "files"), plugin.root, {
      ...plugin,
      importPath: contract.importPath,
      services,
    });
    if (language === "assemblyscript") addAssemblyScript(tree, options);
    else addGo(tree, options);
    if (!options.skipFormat) await formatFiles(tree);
    return finish(tree, [contract], [`build ${plugin.name}`, `test ${plugin.name}`], () =>
      language === "assemblyscript"
        ? Promise.resolve()
        : generateGo({
            plugin: plugin.name,
            folder: join(tree.root, plugin.root),
            protoRoot: join(tree.root, protoRootOf(tree, contract)),
          }),
    );
  });
}

function addAssemblyScript(tree: Tree, { plugin, contract, services }: NormalizedOptions): void {
  addFiles(tree, join(__dirname, "../../languages/assemblyscript/files"), plugin.root, {
    ...plugin,
    importPath: contract.importPath,
    services,
    className: (service: ServiceOutline) => `My${service.name}`,
    messages: messageNames(services),
  });
}

function addGo(tree: Tree, { plugin, contract, services, files }: NormalizedOptions): void {
  // The folder of the module is its name: nobody imports a plugin.
  const outline = goOutline(files, plugin.name);
  addFiles(tree, join(__dirname, "../../languages/go/files"), plugin.root, {
    ...plugin,
    contract: contract.name,
    goPluginVersion: GO_PLUGIN_VERSION,
    imports: outline.imports,
    services: outline.services.map((service, index) => ({
      ...service,
      isGreeter: services[index]?.isGreeter,
    })),
  });
  addToGoWork(tree, plugin.root);
}

async function normalizeOptions(
  tree: Tree,
  options: PluginGeneratorSchema,
): Promise<NormalizedOptions> {
  const plugin = projectLocation(options.name, "plugin", options.directory);
  const common = {
    plugin,
    language: options.language ?? "assemblyscript",
    skipFormat: options.skipFormat ?? false,
  };
  const name = `${plugin.baseName}-contract`;
  const root = posix.join(posix.dirname(plugin.root), name);
  if (options.contract !== undefined || tree.exists(`${root}/wplug.json`)) {
    const contract = findContract(tree, options.contract ?? name);
    const model = await readContractOf(tree, contract);
    return { ...common, contract, files: model.files, services: servicesOf(contract, model) };
  }
  const contract = addContract(tree, { name, baseName: plugin.baseName, root });
  const file = greeterFile(newProtoPackage(plugin.baseName));
  return { ...common, contract, files: [file], services: [GREETER] };
}

/** The messages that the implementation of the services names, each once. */
function messageNames(services: readonly ServiceOutline[]): string[] {
  const names = services.flatMap(({ methods }) =>
    methods.flatMap(({ input, output }) => [input, output]),
  );
  return [...new Set(names)].sort();
}
