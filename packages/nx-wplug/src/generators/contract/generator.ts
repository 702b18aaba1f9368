import { join } from "node:path";

import { formatFiles, type GeneratorCallback, type Tree } from "@nx/devkit";

import { generatedFolders } from "../../codegen/generate-contract";
import { HOST_OUT } from "../../codegen/host-out";
import { languagesOfContracts } from "../../languages/find-language";
import type { ContractReference } from "../../languages/new-plugin";
import { addFiles, noteExisting } from "../../workspace/add-files";
import { leaveOutOfPrettier } from "../../workspace/prettier-ignore";
import type { TestRunner } from "../../workspace/test-runner";
import { initGenerator } from "../init/generator";
import { makePublishable } from "../publishable/make-publishable";
import { addProject } from "../util/add-project";
import { chooseTestRunner } from "../util/choose-test-runner";
import { contractExports } from "../util/contract-exports";
import { newProtoPackage } from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import { checkFree, projectLocation, type ProjectLocation } from "../util/project-location";
import type { ContractGeneratorSchema } from "./schema";

/** Creates a contract with a Greeter service. */
export function contractGenerator(
  tree: Tree,
  options: ContractGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const location = projectLocation(tree, options, "contract");
    checkFree(tree, location, "contract");
    noteExisting(tree, location.root);
    const testRunner = chooseTestRunner(tree, location.root, options.unitTestRunner);
    await initGenerator(tree, { skipFormat: true, unitTestRunner: testRunner ?? "none" });
    const contract = await addContract(tree, location, testRunner, options.commitGenerated);
    if (options.publishable) {
      makePublishable(tree, { ...contract, config: { type: "contract", proto: "proto" } });
    }
    if (!options.skipFormat) await formatFiles(tree);
    return finish(
      tree,
      [contract],
      [
        testRunner === undefined ? `build ${contract.name}` : `test ${contract.name}`,
        `g wplug:plugin ${location.baseName} --contract=${contract.name}`,
      ],
    );
  });
}

/** Adds the files of a new contract. */
export async function addContract(
  tree: Tree,
  location: ProjectLocation,
  testRunner: TestRunner | undefined,
  commitGenerated = false,
): Promise<ContractReference> {
  const { name, baseName, root, importPath } = location;
  const sdks = languagesOfContracts().map(({ sdk }) => sdk);
  const exports = contractExports();
  addProject(tree, {
    ...location,
    config: { type: "contract", proto: "proto", ...(commitGenerated && { commitGenerated }) },
    exports: exports.typescript,
    foreignExports: exports.foreign,
    dependencies: { "@wplug/runtime": "*", "@wplug/well-known-types": "*" },
    typescript: "src",
    testRunner,
  });
  if (testRunner !== undefined) {
    addFiles(tree, join(__dirname, "files-test"), root, { baseName, name });
  }
  addFiles(tree, join(__dirname, "files"), root, {
    baseName,
    name,
    generated: commitGenerated
      ? []
      : [...new Set([...new Set([HOST_OUT, ...sdks.map(({ folder }) => folder)])])],
    protoPackage: newProtoPackage(baseName),
  });
  for (const sdk of sdks) await sdk.addToContract(tree, { root });
  leaveOutOfPrettier(tree, generatedFolders(root));
  return { name, root, importPath };
}
