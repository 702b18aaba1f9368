import { writePlugin } from "../../wasm/write-plugin";
import type { CompileJob, CompileResult } from "../language";
import { bundlePlugin } from "./build/bundle-plugin";
import { snapshotPlugin } from "./build/snapshot-plugin";
import { engineBytes } from "./engine-file";
import { linkPlugin } from "./link/link-plugin";

/**
 * Compiles a plugin: its bundle is run in an instance of the engine, whose memory is linked with the engine's code. No compiler
 * has a part in it but esbuild.
 */
export async function compile(job: CompileJob): Promise<CompileResult> {
  const { plugin, section, outFile } = job;
  const main = job.main ?? "src/index.ts";
  const [bundle, engine, described] = await Promise.all([
    bundlePlugin({ ...job, main }),
    engineBytes(),
    section(),
  ]);
  if (!bundle.ok) return bundle;
  const snapshot = await snapshotPlugin(engine, bundle, {
    main: `${plugin.root}/${main}`,
    start: job.start,
  });
  const messages = [...bundle.messages, ...snapshot.messages];
  if (!snapshot.ok) return { ok: false, messages };
  const module = linkPlugin(engine, { ...snapshot.linkage, memory: snapshot.memory });
  return { ok: true, size: await writePlugin(outFile, module, described), messages };
}
