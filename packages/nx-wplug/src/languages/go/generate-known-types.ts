import { compileProtos } from "../../contract/compile/compile-protos";
import { WELL_KNOWN_PROTOS } from "../../contract/well-known-protos";
import { writeFiles } from "../../generated/write-files";
import { goDescriptors } from "./go-descriptors";
import { GO_MARK } from "./go-mark";
import { modulePath } from "./go-module";
import { isLackingInGoPlugin, knownPackage } from "./known-types";
import { runProtocGenGoPlugin } from "./protoc-gen-go-plugin";

/**
 * Generates the well-known types that go-plugin lacks: for @wplug/well-known-types, and called by its tool alone.
 *
 * @param protoRoot folder with Google's protos
 * @param folder absolute folder of the Go module
 * @returns paths of the files
 */
export async function generateKnownTypes(protoRoot: string, folder: string): Promise<string[]> {
  const files = WELL_KNOWN_PROTOS.filter(isLackingInGoPlugin);
  const packages = files.map((path) => {
    const { name } = knownPackage(path, "");
    return [path, { folder: name, name }] as const;
  });
  const generated = await runProtocGenGoPlugin({
    plugin: "@wplug/well-known-types",
    folder,
    descriptors: goDescriptors(await compileProtos({ root: protoRoot }), files),
    packages: new Map(packages),
    knownTypes: modulePath(folder),
  });
  return writeFiles([{ folder, files: generated, mark: GO_MARK }]);
}
