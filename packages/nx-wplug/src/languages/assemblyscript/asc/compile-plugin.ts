import { realpath } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { UserError } from "../../../errors/user-error";
import { addCommand, packageFolder } from "../../../system/package-manager";
import { type PluginSections, writePlugin } from "../../../wasm/write-plugin";
import { type CompileDiagnostic, FILE_NOT_FOUND, toCompileDiagnostic } from "./diagnostic";
import { type AscDiagnostic, runAsc } from "./run-asc";

export interface CompilePluginOptions {
  /** Absolute. Paths in diagnostics are relative to it. */
  readonly workspaceRoot: string;
  /** Absolute folder of the plugin. Paths in the texts of panics are relative to it. */
  readonly projectRoot: string;
  /** The author's module, relative to the plugin's folder: `assembly/index.ts`. */
  readonly entry: string;
  /** Import specifier of the contract's generated entry: `@org/greeter-contract/assembly/gen/entry`. */
  readonly contractEntry: string;
  /**
   * Folders of packages that no node_modules folder holds: import specifier -> absolute folder, as in
   * `{ "@org/greeter-contract/assembly": "/repo/greeter-contract/assembly" }`. They come before node_modules.
   */
  readonly packages?: Readonly<Record<string, string>>;
  /** What the plugin tells of itself. Asked for while asc runs. */
  readonly section: () => Promise<PluginSections>;
  /** Absolute path of the module. Its folder is made where there is none. */
  readonly outFile: string;
}

export type CompileResult =
  | {
      readonly ok: true;
      /** Bytes of the module. */
      readonly size: number;
      /** Warnings. */
      readonly diagnostics: readonly CompileDiagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly CompileDiagnostic[] };

const RUNTIME = "@wplug/runtime";
const WELL_KNOWN = "@wplug/well-known-types";

/** None can be the name of an author's file: the compiler finds them before it looks at the disk. */
const ENTRY = "wplug.entry.ts";
const CONFIG = "wplug.asconfig.json";
const COLLECTOR = "wplug.runtime";

/**
 * All of the compiler's global aliases: without them a module would import functions of a browser, which hosts do not
 * have. `console` and `abort` are of our runtime, the others of the WASI shim.
 */
const ALIASES = [
  "ASC_WASI=1",
  "abort=wplug_abort",
  "console=wplug_console",
  "trace=wasi_trace",
  "seed=wasi_seed",
  "crypto=wasi_crypto",
  "performance=wasi_performance",
  "process=wasi_process",
  "Date=wasi_Date",
];

/**
 * Compiles a plugin written in AssemblyScript. The same sources give the same bytes, on any machine and in any folder.
 * The module is written only if there are no errors, and at once.
 *
 * @throws Error if the file system does, or if a package of wplug is not installed
 */
export async function compilePlugin(options: CompilePluginOptions): Promise<CompileResult> {
  // The compiler works out paths relative to this one, so it must not be a link.
  const baseDir = await realpath(options.projectRoot);
  const compiling = runAsc({
    arguments: [
      ENTRY,
      ...["--baseDir", baseDir],
      // Or the asconfig.json of the current folder would be read, and its entries added to ours.
      ...["--config", CONFIG],
      ...ascOptions(COLLECTOR),
      ...["--outFile", "plugin.wasm"],
    ],
    baseDir,
    virtualFiles: {
      [CONFIG]: "{}",
      [ENTRY]: entrySource(options),
      [`${COLLECTOR}.ts`]: COLLECTOR_SOURCE,
    },
    packages: Object.entries({
      ...assemblyFolder(RUNTIME, options),
      ...assemblyFolder(WELL_KNOWN, options),
      ...options.packages,
    }).sort(([a], [b]) => b.length - a.length),
  });
  const [outcome, section] = await Promise.all([compiling, options.section()]);

  const root = await realpath(options.workspaceRoot);
  const diagnostics = outcome.diagnostics.map((it) =>
    it.place?.sourcePath === ENTRY ? aboutEntry(it, options) : toCompileDiagnostic(it, root),
  );
  if (outcome.binary === undefined || outcome.failure !== undefined) {
    const isExplained = diagnostics.some(({ severity }) => severity === "error");
    const message = outcome.failure ?? "the AssemblyScript compiler wrote no module";
    const failure = { severity: "error", code: undefined, message, place: undefined } as const;
    return { ok: false, diagnostics: isExplained ? diagnostics : [...diagnostics, failure] };
  }

  const size = await writePlugin(options.outFile, outcome.binary, section);
  return { ok: true, size, diagnostics };
}

/** The module that is given to asc as its runtime: its own allocator, with the garbage collector of @wplug/runtime. */
export const COLLECTOR_SOURCE = `import "rt/tlsf";\nimport "${RUNTIME}/assembly/gc";\n`;

/**
 * What a plugin is compiled with, whichever it is. The benchmark runs asc alone with the same.
 *
 * @param collector the module with `COLLECTOR_SOURCE`, without its extension
 */
export function ascOptions(collector: string): string[] {
  const shim = dirname(require.resolve("@assemblyscript/wasi-shim/package.json"));
  return [
    ...["--lib", join(shim, "assembly")],
    ...ALIASES.flatMap((alias) => ["--use", alias]),
    ...["--runtime", collector],
    ...["--exportStart", "_initialize"],
    "-O3",
  ];
}

/** The author's module first: it registers what the exports call. */
function entrySource({ entry, contractEntry }: CompilePluginOptions): string {
  const author = `./${entry.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\.ts$/, "")}`;
  return `import ${JSON.stringify(author)};\nexport * from ${JSON.stringify(contractEntry)};\n`;
}

/** A diagnostic of the entry, which nobody has written: one of the two modules that it names is not there. */
function aboutEntry(
  { code, message, place }: AscDiagnostic,
  { contractEntry, entry, projectRoot, workspaceRoot }: CompilePluginOptions,
): CompileDiagnostic {
  const isContract = place?.text?.slice(place.start, place.end).includes(contractEntry) === true;
  const missing = isContract
    ? `${contractEntry} does not exist: generate the contract's code first`
    : `${relative(workspaceRoot, join(projectRoot, entry))} does not exist: it is where the plugin's source begins`;
  return {
    severity: "error",
    code: undefined,
    message: code === FILE_NOT_FOUND ? missing : message,
    place: undefined,
  };
}

/**
 * Where the AssemblyScript of a package is. asc looks for packages only beside the plugin and the contract, where a package
 * manager that does not hoist has not put it.
 */
function assemblyFolder(
  name: string,
  { projectRoot, workspaceRoot }: CompilePluginOptions,
): Record<string, string> {
  for (const from of [projectRoot, workspaceRoot, __dirname]) {
    const folder = packageFolder(name, from);
    if (folder !== undefined) return { [`${name}/assembly`]: join(folder, "assembly") };
  }
  throw new UserError(`${name} is not installed: run \`${addCommand(name, workspaceRoot)}\`.`);
}
