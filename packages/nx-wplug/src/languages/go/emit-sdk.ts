import { relative } from "node:path";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type CodeGeneratorResponse,
} from "@bufbuild/protobuf/wkt";

import { UserError } from "../../errors/user-error";
import type { GeneratedFile } from "../../generated/generated-file";
import type { PluginSdkJob } from "../language";
import { goDescriptors } from "./go-descriptors";
import { GO_PLUGIN_VERSION, modulePath, PROTOC_GEN_GO_PLUGIN } from "./go-module";
import { GO_OUT, goPackage } from "./go-names";
import { goProtos } from "./go-protos";
import { runGo } from "./toolchain";

/**
 * Generates the Go SDK of a contract by go-plugin's own generator, in the version that the plugin's go.mod names.
 *
 * @throws UserError if Go or the generator is not there
 */
export async function emitSdk(job: PluginSdkJob): Promise<GeneratedFile[]> {
  const { file } = await runGenerator(job);
  return file.map(({ name, content }) => ({ path: relative(GO_OUT, name), content }));
}

async function runGenerator({
  plugin,
  folder,
  protos,
}: PluginSdkJob): Promise<CodeGeneratorResponse> {
  const { descriptors, paths, files: contractFiles } = goProtos(protos);
  const module = modulePath(folder);
  const packages = contractFiles.map(({ path, package: protoPackage }) => {
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
