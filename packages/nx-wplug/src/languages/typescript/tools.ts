import { packageVersion } from "../../system/package-version";
import { engineVersion } from "./engine-file";

/** What bundles a plugin, and what is in it. */
export async function tools(): Promise<Record<string, string>> {
  return { esbuild: packageVersion("esbuild") ?? "", "quickjs-ng": await engineVersion() };
}
