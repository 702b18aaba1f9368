import { join } from "node:path";

import type { ProtoSources } from "../contract/proto-sources";
import { type Protos, readProtos } from "../contract/read-contract";
import { ContractError } from "../errors/contract-error";
import { writeFiles } from "../generated/write-files";
import { DEFAULT_LANGUAGE } from "../languages";
import type { LanguageWith, PluginSdk } from "../languages/language";

export interface GeneratePluginOptions {
  /** Name of the plugin's project, for errors. */
  readonly plugin: string;
  /** Absolute folder of the plugin. */
  readonly folder: string;
  readonly language: LanguageWith<PluginSdk>;
  readonly sources: ProtoSources;
}

/**
 * Generates the SDK that lies in a plugin. If anything is wrong, nothing is written.
 *
 * @throws ContractError with all mistakes in the protos, or all that the language can't take
 * @throws UserError if something of its toolchain is missing
 * @throws CodeGeneratorError as `generate`
 */
export async function generatePlugin(options: GeneratePluginOptions): Promise<void> {
  const { plugin, folder, language, sources } = options;
  const { sdk } = language;
  const protos = await readProtos(sources.protoRoot, sources);
  const gaps = await findGaps(language, protos, [plugin]);
  if (gaps !== undefined) throw gaps;
  await language.checkToolchain(folder);
  const files = await sdk.emit({ plugin, folder, protos });
  await writeFiles([{ folder: join(folder, sdk.folder), files, mark: sdk.mark }]);
}

/**
 * What a language can't take of a contract, as one error.
 *
 * @param plugins names of the projects that are in it
 */
export async function findGaps(
  { title, sdk }: LanguageWith<PluginSdk>,
  protos: Protos,
  plugins: readonly string[],
): Promise<ContractError | undefined> {
  const gaps = await sdk.findGaps(protos);
  if (gaps.length === 0) return undefined;
  const whose = `${plugins.join(" and ")} ${plugins.length === 1 ? "is" : "are"} in ${title}`;
  return new ContractError(
    gaps.map((gap) => ({
      ...gap,
      path: protos.onDisk(gap.path),
      message: `${whose}, and ${gap.message}, or write the plugin in ${DEFAULT_LANGUAGE.title}`,
    })),
  );
}
