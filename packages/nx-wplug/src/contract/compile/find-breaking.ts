import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorSet, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

import { CodeGeneratorError } from "../../errors/code-generator-error";
import type { Diagnostic } from "../../errors/contract-error";
import { toPosix } from "../../system/shown-path";
import { bufCommand } from "./buf-command";
import { readAnnotations } from "./compile-protos";
import { MISTAKES_FOUND, runBuf } from "./run-buf";

/**
 * Finds what breaks compatibility between two states of a contract, with all that it imports, by `buf breaking`.
 *
 * @param rules ids and categories of buf's rules: `WIRE_JSON`, `RPC_NO_DELETE`
 * @returns the changes, at their places in the new files; paths are as protobuf knows them
 * @throws CodeGeneratorError if buf is not installed, or does not know a rule
 */
export async function findBreaking(
  now: FileDescriptorSet,
  before: FileDescriptorSet,
  rules: readonly string[],
): Promise<Diagnostic[]> {
  const folder = await mkdtemp(join(tmpdir(), "wplug-breaking-"));
  try {
    await writeFile(join(folder, "now.binpb"), toBinary(FileDescriptorSetSchema, now));
    await writeFile(join(folder, "before.binpb"), toBinary(FileDescriptorSetSchema, before));
    const config = JSON.stringify({ version: "v2", breaking: { use: rules } });
    const args = ["breaking", "now.binpb", "--against", "before.binpb", "--config", config];
    const format = ["--error-format", "json"];
    const { status, stdout, stderr } = await runBuf(bufCommand(), [...args, ...format], folder);
    if (status === 0) return [];
    if (status !== MISTAKES_FOUND) {
      throw new CodeGeneratorError(`buf could not compare the protos: ${stderr.trim()}`);
    }
    return readAnnotations(stdout.toString() + stderr).map((it) => ({
      ...it,
      path: toPosix(it.path),
      // Links to the rules in general, a line of them.
      message: it.message.replace(/ See https:.*$/, ""),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
