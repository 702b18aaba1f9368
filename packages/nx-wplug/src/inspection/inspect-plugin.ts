import { stat } from "node:fs/promises";

import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";
import type { PluginInspection } from "@wplug/runtime/oci" with { "resolution-mode": "import" };

import { readDescriptors } from "../descriptors/read-descriptors";
import { withOci } from "../distribution/load-oci";
import { isRegistrySource } from "../distribution/workspace-plugins";
import { UserError } from "../errors/user-error";
import { type DescribedService, describedServices } from "./described-services";

/** A plugin that was looked into, without running it. */
export interface LookedInto {
  readonly inspection: PluginInspection;
  /** The file. */
  readonly bytes: Uint8Array;
  /** The contract that it tells; undefined if it does not. */
  readonly descriptors: FileDescriptorSet | undefined;
  readonly described: readonly DescribedService[];
}

/** Bytes, as many as a plugin from the network may have. */
const MOST = 512 << 20;

/**
 * Looks into a plugin.
 *
 * @param source absolute path, URL or `oci://…`
 * @throws UserError if it can't be read, is no module, or describes its contract in a way that can't be read
 */
export async function inspectPlugin(
  source: string,
  onProgress?: (bytes: number, size: number) => void,
): Promise<LookedInto> {
  if (!isRegistrySource(source) && !isWebSource(source)) await checkSize(source);
  const { module, inspection } = await withOci(async (oci) => {
    const module = await oci.PluginModule.compile(source, { oci: { unpinned: true, onProgress } });
    return { module, inspection: await oci.inspect(module) };
  });
  const descriptors = inspection.descriptors && readDescriptors(inspection.descriptors);
  return {
    inspection,
    bytes: module.bytes ?? new Uint8Array(0),
    descriptors,
    described: descriptors === undefined ? [] : describedServices(descriptors),
  };
}

export function isWebSource(source: string): boolean {
  return /^https?:\/\//i.test(source);
}

/** Missing files are for the runtime to complain of. */
async function checkSize(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > MOST)
    throw new UserError(`${path} has ${size} bytes: no plugin has more than ${MOST}`);
}
