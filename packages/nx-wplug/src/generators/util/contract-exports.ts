import { HOST_OUT } from "../../codegen/host-out";
import { languagesOfContracts } from "../../languages/find-language";
import type { ContractSdk } from "../../languages/language";

/** Subpaths of a contract's package -> files, relative to the project. */
export interface ContractExports {
  /** What TypeScript reads. */
  readonly typescript: Readonly<Record<string, string>>;
  /** What only other compilers read. */
  readonly foreign: Readonly<Record<string, string>>;
}

/** What hosts and plugins import of a contract and, under `gen/`, what other contracts do that import its protos. */
export function contractExports(): ContractExports {
  const sdks = languagesOfContracts().map(({ sdk }) => sdk);
  const exportsOf = (of: readonly ContractSdk[]) =>
    Object.fromEntries(
      of.flatMap(({ entry, folder }) => [
        [`./${entry.subpath}`, entry.file] as const,
        ...(folder === HOST_OUT ? [] : [[`./${folder}/*`, `${folder}/*.ts`] as const]),
      ]),
    );
  return {
    typescript: {
      ".": "src/index.ts",
      "./host": "src/host.ts",
      "./gen/*": `${HOST_OUT}/*.ts`,
      ...exportsOf(sdks.filter(({ tsconfig }) => tsconfig === undefined)),
    },
    foreign: exportsOf(sdks.filter(({ tsconfig }) => tsconfig !== undefined)),
  };
}
