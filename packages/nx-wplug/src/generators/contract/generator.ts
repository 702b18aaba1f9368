import { join } from "node:path";

import { formatFiles, type GeneratorCallback, type Tree } from "@nx/devkit";

import { initGenerator } from "../init/generator";
import { addFiles, noteExisting } from "../../workspace/add-files";
import { addProject, type ContractReference, newImportPath } from "../util/add-project";
import { newProtoPackage } from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import { projectLocation, type ProjectLocation } from "../util/project-location";
import type { ContractGeneratorSchema } from "./schema";

/** Creates a contract with a Greeter service. */
export function contractGenerator(
  tree: Tree,
  options: ContractGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const location = projectLocation(options.name, "contract", options.directory);
    noteExisting(tree, location.root);
    await initGenerator(tree, { skipFormat: true });
    const contract = addContract(tree, location, options.commitGenerated);
    if (!options.skipFormat) await formatFiles(tree);
    return finish(
      tree,
      [contract],
      [`test ${contract.name}`, `g wplug:plugin ${location.baseName} --contract=${contract.name}`],
    );
  });
}

/** Adds the files of a new contract. */
export function addContract(
  tree: Tree,
  location: ProjectLocation,
  commitGenerated = false,
): ContractReference {
  const { name, baseName, root } = location;
  addProject(tree, {
    ...location,
    config: { type: "contract", proto: "proto", ...(commitGenerated && { commitGenerated }) },
    exports: {
      ".": "src/index.ts",
      "./host": "src/host.ts",
      "./assembly": "assembly/index.ts",
    },
    dependencies: { "@wplug/runtime": "*", "@wplug/well-known-types": "*" },
    typescript: "src",
  });
  addFiles(tree, join(__dirname, "../../languages/assemblyscript/files-contract"), root, {});
  addFiles(tree, join(__dirname, "files"), root, {
    baseName,
    name,
    commitGenerated,
    protoPackage: newProtoPackage(baseName),
  });
  return { name, root, importPath: newImportPath(tree, name) };
}
