import { resolve } from "node:path";

import { CodeGeneratorError } from "../../errors/code-generator-error";
import type { Diagnostic } from "../../errors/contract-error";
import { shownPath } from "../../system/shown-path";
import { bufCommand } from "./buf-command";
import { readMistakes } from "./compile-protos";
import { MISTAKES_FOUND, runBuf } from "./run-buf";

/**
 * Finds what breaks compatibility between two folders of `.proto` files with `buf breaking`.
 *
 * @param root folder of the files as they are now
 * @param against folder of the files as they were
 * @param rules ids and categories of buf's rules: `WIRE_JSON`, `RPC_NO_DELETE`
 * @returns the changes, at their places in the new files; paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed, or does not know a rule
 */
export async function findBreaking(
  root: string,
  against: string,
  rules: readonly string[],
): Promise<Diagnostic[]> {
  const config = JSON.stringify({ version: "v2", breaking: { use: rules } });
  const args = ["breaking", ".", "--against", resolve(against), "--error-format", "json"];
  args.push("--config", config, "--against-config", JSON.stringify({ version: "v2" }));
  const { status, stdout, stderr } = await runBuf(bufCommand(), args, resolve(root));
  if (status === 0) return [];
  if (status === MISTAKES_FOUND) {
    return readMistakes(stdout.toString() + stderr, resolve(root)).map((it) => ({
      ...it,
      // Links to the rules in general, a line of them.
      message: it.message.replace(/ See https:.*$/, ""),
    }));
  }
  throw new CodeGeneratorError(`buf could not compare ${shownPath(root)}: ${stderr.trim()}`);
}
