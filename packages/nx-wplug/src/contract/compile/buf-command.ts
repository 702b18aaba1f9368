import { existsSync, realpathSync } from "node:fs";
import { endianness } from "node:os";
import { dirname, join } from "node:path";

import { CodeGeneratorError } from "../../errors/code-generator-error";
import { addCommand, packageFolder } from "../../system/package-manager";

/** A program with the arguments that come before its own. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

const platforms: Readonly<Record<string, string>> = {
  "darwin arm64 LE": "darwin-arm64",
  "darwin x64 LE": "darwin-x64",
  "linux arm64 LE": "linux-aarch64",
  "linux arm LE": "linux-armv7",
  "linux x64 LE": "linux-x64",
  "win32 arm64 LE": "win32-arm64",
  "win32 x64 LE": "win32-x64",
};

/**
 * How to start buf. The binary of the platform's package is started directly, because the script of
 * `@bufbuild/buf` costs another start of Node.js (about 100 ms); the script is the fallback.
 *
 * @param from a file whose `node_modules` folders, and those above, are searched
 * @throws CodeGeneratorError if there is neither
 */
export function bufCommand(from: string = realpathSync(__filename)): Command {
  // The platform's package is a dependency of @bufbuild/buf: with pnpm only buf itself can see it.
  const buf = packageFolder("@bufbuild/buf", dirname(from));
  const platform = platforms[`${process.platform} ${process.arch} ${endianness()}`];
  if (platform !== undefined) {
    const folder = packageFolder(`@bufbuild/buf-${platform}`, buf ?? dirname(from));
    const binary = folder && join(folder, "bin", process.platform === "win32" ? "buf.exe" : "buf");
    if (binary !== undefined && existsSync(binary)) return { file: binary, args: [] };
  }
  const script = buf && join(buf, "bin", "buf");
  if (script !== undefined && existsSync(script)) return { file: process.execPath, args: [script] };
  throw new CodeGeneratorError(
    `The Protocol Buffers compiler buf is not installed: run \`${addCommand("@bufbuild/buf")}\`. The program itself is an ` +
      "optional dependency of that package, so those must not be left out.",
  );
}
