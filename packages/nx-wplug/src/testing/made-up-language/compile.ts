import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import loadWabt from "wabt";

import type { CompileJob, CompileResult } from "../../languages/language";
import { writePlugin } from "../../wasm/write-plugin";

/** Puts the author's functions and the generated exports into one module. */
export async function compile(job: CompileJob): Promise<CompileResult> {
  const { plugin, workspaceRoot, outFile } = job;
  // As a compiler that is installed by halves.
  if (!existsSync(join(plugin.folder, "abi.lock"))) return { ok: false, messages: ["no ABI"] };
  const main = join(plugin.folder, job.main ?? "plugin.wat");
  const parts = [main, join(plugin.folder, "abi/exports.wat")];
  const texts = await Promise.all(parts.map((path) => readFile(path, "utf8")));
  const { parseWat } = await loadWabt();
  try {
    const { buffer } = parseWat(
      relative(workspaceRoot, main),
      `(module ${texts.join("\n")})`,
    ).toBinary({});
    return {
      ok: true,
      size: await writePlugin(outFile, buffer, await job.section()),
      messages: [],
    };
  } catch (error) {
    return { ok: false, messages: [error instanceof Error ? error.message : String(error)] };
  }
}
