import { writeAtOnce } from "../system/write-at-once";
import { appendCustomSection } from "./custom-section";

/**
 * Writes the module of a plugin, with what its custom section `wplug` says about it.
 *
 * @param path absolute; its folder is made where there is none
 * @param section as JSON
 * @returns bytes of the file
 */
export async function writePlugin(
  path: string,
  module: Uint8Array,
  section: object,
): Promise<number> {
  const content = new TextEncoder().encode(JSON.stringify(section));
  const whole = appendCustomSection(module, "wplug", content);
  await writeAtOnce(path, whole);
  return whole.length;
}
