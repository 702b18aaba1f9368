import type * as oci from "@wplug/runtime/oci" with { "resolution-mode": "import" };

import { UserError } from "../errors/user-error";
import { addCommand } from "../system/package-manager";

/** What `@wplug/runtime/oci` exports. */
export type Oci = typeof oci;

/**
 * The part of the runtime that speaks to registries, loaded when it is needed.
 *
 * @throws UserError if the runtime is not installed
 */
export async function loadOci(): Promise<Oci> {
  try {
    return await import("@wplug/runtime/oci");
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw new UserError(`Registries need @wplug/runtime: ${addCommand("@wplug/runtime")}`);
  }
}

/** Does something with a registry. What fails there is the user's to mend, and the message says how. */
export async function withOci<T>(use: (oci: Oci) => Promise<T>): Promise<T> {
  const oci = await loadOci();
  try {
    return await use(oci);
  } catch (error) {
    const isOurs =
      error instanceof Error && ["RegistryError", "PluginLoadError"].includes(error.name);
    throw isOurs ? new UserError(error.message) : error;
  }
}
