import { join } from "node:path";

import { writeAtOnce } from "../system/write-at-once";
import { withOci } from "./load-oci";
import { LOCKFILE } from "./workspace-plugins";

/**
 * Gets a plugin of a registry that a wplug.json names, as the workspace's lockfile pins it, and puts it into the `dist`
 * of the project.
 *
 * @param source `oci://…`
 * @param folder of the project, absolute
 * @returns absolute path of the wasm
 * @throws UserError
 */
export async function fetchPlugin(
  source: string,
  folder: string,
  workspaceRoot: string,
): Promise<string> {
  const { bytes, layer } = await withOci((oci) =>
    oci.pullPlugin(source, { lock: join(workspaceRoot, LOCKFILE) }),
  );
  const path = join(folder, "dist/plugins", `${fileName(source)}-${layer.slice(7, 19)}.wasm`);
  await writeAtOnce(path, bytes);
  return path;
}

/** The last part of the repository: `greeter` of `oci://ghcr.io/acme/greeter:1.2`. */
export function fileName(source: string): string {
  return /([^/:@]+)(?::[^/:@]+)?(?:@sha256:[0-9a-f]*)?$/.exec(source)?.[1] ?? "plugin";
}
