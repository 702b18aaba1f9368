import { relative } from "node:path";

import type { GeneratedFile } from "../../generated/generated-file";
import type { PluginSdkJob } from "../language";
import { copyKnownTypes } from "./copy-known-types";
import { goDescriptors } from "./go-descriptors";
import { modulePath } from "./go-module";
import { GO_OUT, goPackage } from "./go-names";
import { goProtos } from "./go-protos";
import { KNOWN_TYPES_FOLDER } from "./known-types";
import { runProtocGenGoPlugin } from "./protoc-gen-go-plugin";

/**
 * Generates the Go SDK of a contract by go-plugin's own generator, in the version that the plugin's go.mod names. With it are
 * the well-known types that the contract uses and go-plugin lacks: a module of Go finds no code in npm packages.
 *
 * @throws UserError if Go, the generator or the well-known types are not there
 */
export async function emitSdk({ plugin, folder, protos }: PluginSdkJob): Promise<GeneratedFile[]> {
  const { descriptors: all, paths, files } = goProtos(protos);
  const descriptors = goDescriptors(all, paths);
  const generated = await runProtocGenGoPlugin({
    plugin,
    folder,
    descriptors,
    packages: new Map(files.map((file) => [file.path, goPackage(file.package)])),
    knownTypes: `${modulePath(folder)}/${GO_OUT}/${KNOWN_TYPES_FOLDER}`,
  });
  return [
    ...generated.map(({ path, content }) => ({ path: relative(GO_OUT, path), content })),
    ...copyKnownTypes(descriptors.files.map(({ name }) => name)),
  ];
}
