import { join } from "node:path";

import { type GeneratorCallback, logger, type Tree } from "@nx/devkit";

import { generateContract } from "../../codegen/generate-contract";
import { UserError } from "../../errors/user-error";
import { findContract, protoRootOf, readContractOf } from "../util/contracts";
import { runGenerator } from "../util/finish";
import { raiseVersion } from "./raise-version";
import type { BumpVersionGeneratorSchema } from "./schema";

/** Raises the version of the plugin services of a contract. */
export function bumpVersionGenerator(
  tree: Tree,
  options: BumpVersionGeneratorSchema,
): Promise<GeneratorCallback> {
  return runGenerator(async () => {
    const contract = findContract(tree, options.contract);
    const protoRoot = protoRootOf(tree, contract);
    const { files } = await readContractOf(tree, contract);
    const services = files.flatMap(({ path, pluginServices }) =>
      pluginServices.map((service) => ({ ...service, path: `${protoRoot}/${path}` })),
    );
    const chosen = services.filter(({ name, typeName }) =>
      options.service === undefined ? true : [name, typeName].includes(options.service),
    );
    if (chosen.length === 0) {
      throw new UserError(
        `${contract.name} has no plugin service${options.service === undefined ? "" : ` ${options.service}`}. ` +
          `There are: ${services.map(({ name }) => name).join(", ") || "none"}.`,
      );
    }
    for (const { name, version, path } of chosen) {
      const next = options.version ?? version + 1;
      if (!Number.isSafeInteger(next) || next <= version) {
        throw new UserError(
          `${name} is version ${version}: the new version must be a higher whole number, not ${next}.`,
        );
      }
      const text = raiseVersion(tree.read(path, "utf-8") ?? "", name, next);
      if (text === undefined) {
        throw new UserError(`${path}: found no "go:plugin" annotation above service ${name}.`);
      }
      tree.write(path, text);
      logger.info(`${name}: version ${version} -> ${next} (${path})`);
    }
    return () => generateContract(join(tree.root, contract.root));
  });
}
