import { readFileSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "../../errors/user-error";

/** The release of go-plugin whose SDK plugins are generated for. */
export const GO_PLUGIN_VERSION = "v0.9.0";

/** The generator of go-plugin, a tool in the go.mod of each plugin. */
export const PROTOC_GEN_GO_PLUGIN = "github.com/knqyf263/go-plugin/cmd/protoc-gen-go-plugin";

/**
 * The path of the module in a folder, with which its import paths begin.
 *
 * @param folder absolute
 * @throws UserError if there is no go.mod, or it names no module
 * @see https://go.dev/ref/mod#go-mod-file-module
 */
export function modulePath(folder: string): string {
  const file = join(folder, "go.mod");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new UserError(
      `There is no ${file}: a plugin in Go is a module. "go mod init" makes one, "go get -tool ${PROTOC_GEN_GO_PLUGIN}@${GO_PLUGIN_VERSION}" adds what it needs.`,
    );
  }
  const path = /^module\s+(?:"([^"]+)"|`([^`]+)`|([^\s/]\S*))/m.exec(text);
  const found = path?.[1] ?? path?.[2] ?? path?.[3];
  if (found === undefined) throw new UserError(`${file} has no line "module NAME".`);
  return found;
}
