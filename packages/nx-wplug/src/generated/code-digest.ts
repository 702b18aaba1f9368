import { createHash } from "node:crypto";

import type { GeneratedFile } from "./generated-file";
import { generatedMarker, wplugVersion } from "./header";

/** Name of the file with the digest, in the folder of an SDK for plugins. */
export const CODE_DIGEST_FILE = "code.sha256";

/**
 * A file that changes only if the generated code does, not with its comments. Plugins are built from the code, so that a
 * build whose digest is the same gives the same wasm: it is what Nx compares.
 */
export function codeDigest(files: readonly GeneratedFile[]): GeneratedFile {
  const hash = createHash("sha256");
  for (const { path, content } of files) hash.update(`${path}\n${withoutComments(content)}\n`);
  return {
    path: CODE_DIGEST_FILE,
    content: `${generatedMarker}${wplugVersion()} from the code beside it, without comments. Do not edit.\n${hash.digest("hex")}\n`,
  };
}

/** Generated code has its comments on lines of their own. */
function withoutComments(code: string): string {
  return code
    .split("\n")
    .filter((line) => !/^\s*(\/\/|\/\*|\*)/.test(line))
    .join("\n");
}
