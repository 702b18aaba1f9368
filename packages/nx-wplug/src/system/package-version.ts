import { readFileSync } from "node:fs";
import { join } from "node:path";

import { packageFolder } from "./package-manager";

/** The version of a package that this one depends on: `0.28.20`; undefined if it is not installed. */
export function packageVersion(name: string): string | undefined {
  const folder = packageFolder(name, __dirname);
  if (folder === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
