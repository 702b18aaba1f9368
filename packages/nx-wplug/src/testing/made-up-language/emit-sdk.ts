import type { GeneratedFile } from "../../generated/generated-file";
import type { PluginSdkJob } from "../../languages/language";

/** Exports the functions of the plugin by the names that hosts call. */
export function emitSdk({ plugin, protos }: PluginSdkJob): GeneratedFile[] {
  const services = protos.contract.files.flatMap(({ pluginServices }) => pluginServices);
  const exports = services.flatMap(({ apiVersionExport, version, methods }) => [
    `(func (export "${apiVersionExport}") (result i64) (i64.const ${version}))`,
    ...methods.map(({ wasmName }) => `(export "${wasmName}" (func $${wasmName}))`),
  ]);
  const content = [`;; Generated for ${plugin}`, ...exports].join("\n") + "\n";
  return [{ path: "exports.wat", content }];
}
