import { writeAtOnce } from "../system/write-at-once";
import { appendCustomSection } from "./custom-section";

/** What a plugin tells of itself, in custom sections: docs/abi.md. */
export interface PluginSections {
  /** The section `wplug`, as JSON. */
  readonly wplug: object;
  /** The section `wplug.descriptors`: the contract, as `describeContract` compresses it; none if it is not to be told. */
  readonly descriptors?: Uint8Array | undefined;
}

/**
 * Writes the module of a plugin, with what it tells of itself.
 *
 * @param path absolute; its folder is made where there is none
 * @returns bytes of the file
 */
export async function writePlugin(
  path: string,
  module: Uint8Array,
  { wplug, descriptors }: PluginSections,
): Promise<number> {
  const json = new TextEncoder().encode(JSON.stringify(wplug));
  let whole = appendCustomSection(module, "wplug", json);
  if (descriptors !== undefined) {
    whole = appendCustomSection(whole, "wplug.descriptors", descriptors);
  }
  await writeAtOnce(path, whole);
  return whole.length;
}
