import { join, relative, resolve } from "node:path";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type CodeGeneratorResponse,
} from "@bufbuild/protobuf/wkt";

import { shownPath } from "../../contract/compile/compile-protos";
import { ContractError } from "../../errors/contract-error";
import { type Protos, readProtos } from "../../contract/read-contract";
import { writeFiles } from "../../generated/write-files";
import { UserError } from "../../errors/user-error";
import { findGoGaps } from "./gaps/find-gaps";
import { goDescriptors } from "./go-descriptors";
import { GO_PLUGIN_VERSION, modulePath, PROTOC_GEN_GO_PLUGIN } from "./go-module";
import { GO_OUT, goPackage } from "./go-names";
import { checkGo, runGo } from "./toolchain";

export interface GenerateGoOptions {
  /** Name of the plugin's project, for errors. */
  readonly plugin: string;
  /** Absolute folder of the plugin: a Go module with protoc-gen-go-plugin as a tool. */
  readonly folder: string;
  /** Absolute folder of the contract's `.proto` files. */
  readonly protoRoot: string;
}

/**
 * Generates the Go SDK of a contract into `gen` of a plugin, by go-plugin's own generator in the version that the plugin's
 * go.mod names. If anything is wrong, nothing is written.
 *
 * @throws ContractError with all mistakes in the protos, or all that go-plugin can't take
 * @throws UserError if Go or the generator is not there
 * @throws CodeGeneratorError as `generate`
 */
export async function generateGo(options: GenerateGoOptions): Promise<void> {
  const { plugin, folder, protoRoot } = options;
  const protos = await readProtos(protoRoot);
  const gaps = goGaps(protos, protoRoot, [plugin]);
  if (gaps !== undefined) throw gaps;
  await checkGo(folder);
  const { file } = await runGenerator(protos, options);
  const files = file.map(({ name, content }) => ({ path: relative(GO_OUT, name), content }));
  await writeFiles([{ folder: join(folder, GO_OUT), files }]);
}

/**
 * What go-plugin can't take of a contract, as one error.
 *
 * @param plugins names of the projects that are in Go
 */
export function goGaps(
  protos: Protos,
  protoRoot: string,
  plugins: readonly string[],
): ContractError | undefined {
  const gaps = findGoGaps(protos);
  if (gaps.length === 0) return undefined;
  const inGo = `${plugins.join(" and ")} ${plugins.length === 1 ? "is" : "are"} in Go`;
  return new ContractError(
    gaps.map((gap) => ({
      ...gap,
      path: shownPath(resolve(protoRoot, gap.path)),
      message: `${inGo}, and ${gap.message}, or write the plugin in AssemblyScript`,
    })),
  );
}

async function runGenerator(
  { descriptors, paths, contract }: Protos,
  { plugin, folder }: GenerateGoOptions,
): Promise<CodeGeneratorResponse> {
  const module = modulePath(folder);
  const packages = contract.files.map(({ path, package: protoPackage }) => {
    const { folder: goFolder, name } = goPackage(protoPackage);
    return `M${path}=${module}/${goFolder};${name}`;
  });
  const { files, filesToGenerate } = goDescriptors(descriptors, paths);
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [...filesToGenerate],
    parameter: [...packages, `module=${module}`].join(","),
    protoFile: [...files],
  });
  const { status, stdout, stderr } = await runGo("go", ["tool", "protoc-gen-go-plugin"], {
    cwd: folder,
    input: toBinary(CodeGeneratorRequestSchema, request),
  });
  if (status !== 0) throw new UserError(explain(plugin, stderr));
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") {
    throw new UserError(`protoc-gen-go-plugin of ${plugin}: ${response.error}`);
  }
  return response;
}

function explain(plugin: string, stderr: string): string {
  if (stderr.includes("no such tool")) {
    return `The go.mod of ${plugin} does not name the generator: run "go get -tool ${PROTOC_GEN_GO_PLUGIN}@${GO_PLUGIN_VERSION}" in its folder.`;
  }
  return `protoc-gen-go-plugin of ${plugin} failed:\n${stderr.trim()}`;
}
