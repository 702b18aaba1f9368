import { existsSync } from "node:fs";
import { join, relative } from "node:path";

import type { ImportedProtos, ProtoSources } from "../contract/proto-sources";
import { UserError } from "../errors/user-error";
import { shownPath, toPosix } from "../system/shown-path";
import { importPathOf } from "../workspace/import-path";
import { findProjects, folderWith, type FoundProject } from "./find-projects";
import { installedContracts, isInstalled } from "./installed-contracts";
import { importedContracts } from "./imported-contracts";
import { CONFIG_FILE, type ContractConfig, readWplugConfig } from "./wplug-config";

/**
 * Where the protos of a contract are, with those of the contracts that its wplug.json names. The workspace is searched for
 * them only if there are any.
 *
 * @param folder absolute folder of the contract's project
 * @throws UserError if there is no such contract, or if contracts import each other
 */
export function contractSources(folder: string): ProtoSources {
  const { proto, imports } = readWplugConfig(folder, ["contract"]);
  const all = lazy(() =>
    isInstalled(folder) ? installedContracts(folder) : findProjects(folderWith("nx.json", folder)),
  );
  return {
    protoRoot: join(folder, proto),
    imports: imports.length === 0 ? [] : importedProtos(folder, all()),
    findElsewhere: (path) =>
      all().find(({ folder: other, config }) => {
        return (
          other !== folder &&
          config.type === "contract" &&
          existsSync(join(other, config.proto, path))
        );
      })?.name,
  };
}

function importedProtos(folder: string, projects: readonly FoundProject[]): ImportedProtos[] {
  // Packages are known by their own names.
  const workspaceRoot = isInstalled(folder) ? folder : folderWith("nx.json", folder);
  const byName = new Map(projects.map((project) => [project.name, project]));
  const own = projects.find((project) => project.folder === folder);
  if (own?.config.type !== "contract") throw new UserError(`${folder} is no project with a name.`);
  const { name, config } = own;
  const importsOf = (contract: string): readonly string[] =>
    findContract(contract, byName)?.config.imports ?? [];
  for (const imported of [name, ...importedContracts(name, importsOf)]) {
    for (const wanted of importsOf(imported)) {
      const found = byName.get(wanted);
      if (found?.config.type === "contract") continue;
      const file = shownPath(join(byName.get(imported)?.folder ?? folder, CONFIG_FILE));
      throw new UserError(`${file}: "imports" names ${wanted}, ${whatIs(found)}.`);
    }
  }
  return importedContracts(name, importsOf)
    .flatMap((contract) => findContract(contract, byName) ?? [])
    .map((found): ImportedProtos => {
      const root = toPosix(relative(workspaceRoot, found.folder));
      return {
        contract: found.name,
        importPath: importPathOf(workspaceRoot, root),
        folder: found.folder,
        protoRoot: join(found.folder, found.config.proto),
        isDirect: config.imports.includes(found.name),
      };
    });
}

function findContract(
  name: string,
  projects: ReadonlyMap<string, FoundProject>,
): (FoundProject & { readonly config: ContractConfig }) | undefined {
  const found = projects.get(name);
  return found?.config.type === "contract" ? { ...found, config: found.config } : undefined;
}

function whatIs(found: FoundProject | undefined): string {
  return found === undefined
    ? 'and there is no such project: see "nx show projects"'
    : `which is a ${found.config.type}: only contracts have protos to import`;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
