import { readFile } from "node:fs/promises";
import { relative } from "node:path";

import { UserError } from "../../errors/user-error";
import { importedModules } from "../../wasm/imported-modules";
import { renameExports } from "../../wasm/rename-exports";
import { writePlugin } from "../../wasm/write-plugin";
import type { CompileJob, CompileResult } from "../language";
import { type CargoPackage, readCargoPackage } from "./cargo-package";
import { EXPORT_PREFIX } from "./sdk/service-code";
import { runRust } from "./run-rust";
import { rustFlags } from "./rust-flags";

/**
 * Compiles a plugin, a Cargo package with a library for C.
 *
 * @throws UserError if Cargo is not installed
 */
export async function compile(job: CompileJob): Promise<CompileResult> {
  const { plugin, outFile } = job;
  const cargo = await readCargoPackage(plugin.folder);
  const args = [
    ...["build", "--release", "--lib", "--target", cargo.target],
    ...["--manifest-path", cargo.manifest, "--message-format", "json-render-diagnostics"],
  ];
  const [{ status, stdout, stderr }, section] = await Promise.all([
    rustFlags(cargo, plugin.folder).then((flags) =>
      runRust("cargo", [...args, ...flags.args], plugin.folder, flags.env),
    ),
    job.section(),
  ]);
  const said = withPaths(withoutProgress(stderr), relative(job.workspaceRoot, cargo.workspaceRoot));
  if (status !== 0) return { ok: false, messages: [said] };
  const artifact = findModule(stdout.toString(), cargo);
  const names = (name: string) =>
    name.startsWith(EXPORT_PREFIX) ? name.slice(EXPORT_PREFIX.length) : name;
  const linked = await readFile(artifact);
  if ([...importedModules(linked)].some((it) => it.startsWith(WASM_BINDGEN))) {
    return { ok: false, messages: [FOR_JAVASCRIPT] };
  }
  const module = renameExports(linked, names);
  const size = await writePlugin(outFile, module, section);
  return { ok: true, size, messages: said === "" ? [] : [said] };
}

/** What the modules are called that wasm-bindgen puts in place of functions of JavaScript. */
const WASM_BINDGEN = "__wbindgen_";

const FOR_JAVASCRIPT =
  "A crate that the plugin depends on is compiled for web pages: it calls JavaScript by wasm-bindgen, which hosts of plugins don't have. " +
  'Features do that, such as "wasm_js" of getrandom, "js" of uuid and "wasmbind" of chrono: "cargo tree --invert wasm-bindgen ' +
  '--edges features --target wasm32-unknown-unknown" names them.';

interface Artifact {
  readonly reason: string;
  readonly manifest_path: string;
  readonly filenames: readonly string[];
}

/** @see https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages */
function findModule(messages: string, { manifest }: CargoPackage): string {
  const file = messages
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Artifact)
    .filter((it) => it.reason === "compiler-artifact" && it.manifest_path === manifest)
    .flatMap(({ filenames }) => filenames)
    .find((name) => name.endsWith(".wasm"));
  if (file === undefined) throw new UserError(`Cargo made no module of ${manifest}.`);
  return file;
}

/**
 * Cargo names files relative to its workspace, people read them from the workspace of Nx.
 *
 * @param root folder of the one, relative to the other
 */
function withPaths(messages: string, root: string): string {
  if (root === "") return messages;
  const folder = root.replaceAll("\\", "/");
  return messages.replace(/^(\s*(?:-->|:::) )(?!\/|[A-Za-z]:)/gm, (arrow) => `${arrow}${folder}/`);
}

/** What rustc says, without what Cargo says about its own progress. */
function withoutProgress(stderr: string): string {
  return stderr
    .replace(
      /^\s*(Blocking|Compiling|Finished|Fresh|Updating|Locking|Adding|Downloading|Downloaded) .*\n?/gm,
      "",
    )
    .trim();
}
