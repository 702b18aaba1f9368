import { packageVersion } from "../../system/package-version";

/** asc writes no section `producers`. */
export function tools(): Record<string, string> {
  return { assemblyscript: packageVersion("assemblyscript") ?? "" };
}
