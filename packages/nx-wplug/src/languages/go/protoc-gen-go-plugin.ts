import { dirname } from "node:path";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";

import { WELL_KNOWN_PROTOS } from "../../contract/well-known-protos";
import { UserError } from "../../errors/user-error";
import type { GeneratedFile } from "../../generated/generated-file";
import type { GoDescriptors } from "./go-descriptors";
import { GO_PLUGIN_VERSION, modulePath, PROTOC_GEN_GO_PLUGIN } from "./go-module";
import type { GoPackage } from "./go-names";
import { type KnownPackage, knownPackage } from "./known-types";
import { runGo } from "./toolchain";

export interface GoGeneratorJob {
  /** Whose go.mod names the generator, for errors. */
  readonly plugin: string;
  /** Absolute folder of the module. */
  readonly folder: string;
  readonly descriptors: GoDescriptors;
  /** The Go packages of the files that code is generated for: by their paths. */
  readonly packages: ReadonlyMap<string, GoPackage>;
  /** Import path of the folder with the packages of well-known types that go-plugin lacks. */
  readonly knownTypes: string;
}

/**
 * Runs go-plugin's own generator, in the version that the go.mod of a module names.
 *
 * @returns its files, with paths relative to the module
 * @throws UserError if Go or the generator is not there
 */
export async function runProtocGenGoPlugin(job: GoGeneratorJob): Promise<GeneratedFile[]> {
  const { plugin, folder, descriptors, packages, knownTypes } = job;
  const module = modulePath(folder);
  const { files, filesToGenerate } = descriptors;
  // The files of Google name packages of Go's own protobuf. Of messages, not of enums, the generator would take others.
  const known = WELL_KNOWN_PROTOS.filter((path) => !packages.has(path));
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [
      ...filesToGenerate,
      // Not that their code is needed: messages that are not generated too would be written and read by Go's own protobuf, with
      // reflection, if they could not do it themselves. That is half a megabyte of TinyGo.
      ...files.map(({ name }) => name).filter((name) => known.includes(name)),
    ],
    parameter: [
      ...known.map((path) => goPackageOption(path, knownPackage(path, knownTypes))),
      ...[...packages].map(([path, it]) =>
        goPackageOption(path, { path: `${module}/${it.folder}`, name: it.name }),
      ),
    ].join(","),
    protoFile: [...files],
  });
  const { status, stdout, stderr } = await runGo("go", ["tool", "protoc-gen-go-plugin"], {
    cwd: folder,
    input: toBinary(CodeGeneratorRequestSchema, request),
  });
  if (status !== 0) throw new UserError(explain(plugin, stderr));
  const { error, file } = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (error !== "") throw new UserError(`protoc-gen-go-plugin of ${plugin}: ${error}`);
  const folders = new Set([...packages.values()].map((it) => it.folder));
  return file
    .filter(({ name }) => name.startsWith(`${module}/`))
    .map(({ name, content }) => ({ path: name.slice(module.length + 1), content }))
    .filter(({ path }) => folders.has(dirname(path)));
}

/** @see https://protobuf.dev/reference/go/go-generated/#package */
function goPackageOption(file: string, { path, name }: KnownPackage): string {
  return `M${file}=${path};${name}`;
}

function explain(plugin: string, stderr: string): string {
  if (stderr.includes("no such tool")) {
    return `The go.mod of ${plugin} does not name the generator: run "go get -tool ${PROTOC_GEN_GO_PLUGIN}@${GO_PLUGIN_VERSION}" in its folder.`;
  }
  return `protoc-gen-go-plugin of ${plugin} failed:\n${stderr.trim()}`;
}
