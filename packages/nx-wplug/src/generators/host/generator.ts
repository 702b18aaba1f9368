import { join } from "node:path";

import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  type Tree,
} from "@nx/devkit";

import { UserError } from "../../errors/user-error";
import { addFiles, noteExisting } from "../../workspace/add-files";
import { initGenerator } from "../init/generator";
import { addProject } from "../util/add-project";
import { chooseTestRunner } from "../util/choose-test-runner";
import { findContract, readServices } from "../util/contracts";
import { finish, runGenerator } from "../util/finish";
import { checkFree, projectLocation } from "../util/project-location";
import type { HostGeneratorSchema } from "./schema";
import { addConnect, serverSubstitutions } from "./server-files";

/** Creates a program for Node, a page, or a server, that loads the plugins of a contract. */
export function hostGenerator(
  tree: Tree,
  options: HostGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const host = projectLocation(tree, options, "host");
    if (options.serve === true && options.platform === "browser") {
      throw new UserError(
        "A page can't serve plugins to others: leave out --platform=browser, or --serve.",
      );
    }
    checkFree(tree, host, "host");
    const contract = findContract(tree, options.contract);
    const [service] = await readServices(tree, contract);
    if (service === undefined) throw new UserError(`${contract.name} has no service for plugins.`);
    noteExisting(tree, host.root);
    const testRunner = chooseTestRunner(tree, host.root, options.unitTestRunner);
    await initGenerator(tree, { skipFormat: true, unitTestRunner: testRunner ?? "none" });
    const inBrowser = options.platform === "browser";
    const serves = options.serve === true;
    if (inBrowser) addVite(tree);
    if (serves) addConnect(tree);
    addProject(tree, {
      ...host,
      config: {
        type: "host",
        contracts: [contract.name],
        ...(inBrowser && { platform: "browser" }),
      },
      contracts: [contract],
      typescript: "src",
      ...(inBrowser && { lib: ["dom", "dom.iterable"], types: ["vite/client", "wplug/client"] }),
      testRunner,
    });
    const substitutions = {
      name: host.name,
      importPath: contract.importPath,
      service,
      ...(serves && serverSubstitutions(tree, host)),
    };
    addFiles(tree, join(__dirname, "files"), host.root, substitutions);
    const platformFiles = inBrowser ? "files-browser" : serves ? "files-server" : "files-node";
    addFiles(tree, join(__dirname, platformFiles), host.root, substitutions);
    if (testRunner !== undefined) {
      const testFiles = serves ? "files-server-test" : "files-test";
      addFiles(tree, join(__dirname, testFiles), host.root, substitutions);
    }
    if (service.host !== undefined) {
      addFiles(tree, join(__dirname, "files-host-functions"), host.root, substitutions);
    }
    if (!options.skipFormat) await formatFiles(tree);
    return finish(
      tree,
      [contract],
      [`serve ${host.name}`, ...(testRunner === undefined ? [] : [`test ${host.name}`])],
    );
  });
}

/** The newest version that wplug is tested with, unless the workspace has one. */
function addVite(tree: Tree): void {
  addDependenciesToPackageJson(tree, {}, { vite: "^8.3.0" }, undefined, true);
}
