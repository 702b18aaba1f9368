import { join } from "node:path";

import { formatFiles, type GeneratorCallback, type Tree } from "@nx/devkit";

import { generatePlugin } from "../../codegen/generate-plugin";
import { contractSources } from "../../config/contract-sources";
import { DEFAULT_LANGUAGE } from "../../languages";
import { hasPluginSdk, languageNamed } from "../../languages/find-language";
import type { Language } from "../../languages/language";
import type { ContractReference, FileOutline, ServiceOutline } from "../../languages/new-plugin";
import { addFiles, noteExisting } from "../../workspace/add-files";
import type { TestRunner } from "../../workspace/test-runner";
import { addContract } from "../contract/generator";
import { initGenerator } from "../init/generator";
import { makePublishable } from "../publishable/make-publishable";
import { addContractEntry } from "../util/add-contract-entry";
import { addProject } from "../util/add-project";
import { chooseTestRunner } from "../util/choose-test-runner";
import {
  findContract,
  GREETER,
  greeterFile,
  isContract,
  newProtoPackage,
  readProtosOf,
  servicesOf,
} from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import {
  besidePlugin,
  checkFree,
  projectLocation,
  type ProjectLocation,
} from "../util/project-location";
import type { PluginGeneratorSchema } from "./schema";

interface NormalizedOptions {
  readonly plugin: ProjectLocation;
  readonly language: Language;
  readonly contract: ContractReference;
  readonly files: readonly FileOutline[];
  /** The plugin services that the plugin implements. */
  readonly services: readonly ServiceOutline[];
  readonly isNewContract: boolean;
  readonly publishable: boolean;
  /** undefined for a plugin without tests. */
  readonly testRunner: TestRunner | undefined;
  readonly skipFormat: boolean;
}

/** Creates a plugin, and a contract for it unless it implements an existing one. */
export function pluginGenerator(
  tree: Tree,
  rawOptions: PluginGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const options = await normalizeOptions(tree, rawOptions);
    const { plugin, language, contract, services, testRunner } = options;
    noteExisting(tree, plugin.root);
    await initGenerator(tree, { skipFormat: true, unitTestRunner: testRunner ?? "none" });
    const config = { type: "plugin", contract: contract.name, language: language.name } as const;
    addProject(tree, {
      ...plugin,
      config,
      contracts: [contract],
      typescript: testRunner === undefined ? sourcesInTypeScript(language) : "test",
      testRunner,
    });
    if (testRunner !== undefined) {
      addFiles(tree, join(__dirname, "files"), plugin.root, {
        ...plugin,
        importPath: contract.importPath,
        services,
      });
    }
    if (language.sdk.place === "contract" && contract.installed === undefined) {
      await addContractEntry(tree, contract, language.sdk);
    }
    await language.addToPlugin(tree, { ...plugin, contract, services, files: options.files });
    if (options.publishable) {
      makePublishable(tree, { ...plugin, config });
      if (options.isNewContract) {
        makePublishable(tree, { ...contract, config: { type: "contract", proto: "proto" } });
      }
    }
    if (!options.skipFormat) await formatFiles(tree);
    const nextSteps = [
      `build ${plugin.name}`,
      ...(testRunner === undefined ? [] : [`test ${plugin.name}`]),
    ];
    if (!hasPluginSdk(language)) return finish(tree, [contract], nextSteps);
    return finish(tree, [contract], nextSteps, () =>
      generatePlugin({
        plugin: plugin.name,
        folder: join(tree.root, plugin.root),
        language,
        sources: contractSources(join(tree.root, contract.root)),
      }),
    );
  });
}

/** The folder of a plugin's sources, unless they are in another language than TypeScript. */
function sourcesInTypeScript({ sdk }: Language): string | undefined {
  return sdk.place === "contract" && sdk.tsconfig === undefined ? "src" : undefined;
}

async function normalizeOptions(
  tree: Tree,
  options: PluginGeneratorSchema,
): Promise<NormalizedOptions> {
  const plugin = projectLocation(tree, options, "plugin");
  checkFree(tree, plugin, "plugin");
  const testRunner = chooseTestRunner(tree, plugin.root, options.unitTestRunner);
  // What a prompt yields that was left empty.
  const named = options.contract === "" ? undefined : options.contract;
  const common = {
    plugin,
    testRunner,
    language: options.language === undefined ? DEFAULT_LANGUAGE : languageNamed(options.language),
    isNewContract: false,
    publishable: options.publishable ?? false,
    skipFormat: options.skipFormat ?? false,
  };
  const beside = besidePlugin(plugin, tree);
  if (named !== undefined || isContract(tree, beside.name)) {
    const contract = findContract(tree, named ?? beside.name);
    const { contract: model, imported } = await readProtosOf(tree, contract);
    const files = [...model.files, ...imported];
    return { ...common, contract, files, services: servicesOf(contract, model) };
  }
  checkFree(tree, beside, "contract");
  const contract = await addContract(tree, beside, testRunner);
  const file = greeterFile(newProtoPackage(plugin.baseName));
  return { ...common, isNewContract: true, contract, files: [file], services: [GREETER] };
}
