import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema, type FileDescriptorSet } from "@bufbuild/protobuf/wkt";

import { CodeGeneratorError } from "../../errors/code-generator-error";
import { ContractError, type Diagnostic } from "../../errors/contract-error";
import { shownPath, toPosix } from "../../system/shown-path";
import { bufCommand, type Command } from "./buf-command";
import { findDeclaration } from "./find-declaration";
import { MISTAKES_FOUND, runBuf } from "./run-buf";

export interface CompileProtosOptions {
  /** Folder that imports are relative to. */
  readonly root: string;
  /** Files to compile, with what they import, relative to `root`. Default: every `.proto` file under `root`. */
  readonly files?: readonly string[];
  /** Absolute folders of other files that those of `root` may import, which are compiled with them. */
  readonly imports?: readonly string[];
  /** The name of a contract that has a file which is not there to be imported, for a hint. */
  readonly findElsewhere?: ((path: string) => string | undefined) | undefined;
  /** How to start buf. Default: the one of npm. */
  readonly buf?: Command;
}

// Given inline, so that a buf.yaml which happens to be around doesn't change what is generated.
function bufConfig(roots: readonly string[], cwd: string): string {
  const modules = roots.map((root) => ({ path: toPosix(relative(cwd, root)) || "." }));
  return JSON.stringify({ version: "v2", modules });
}

/**
 * Compiles `.proto` files with buf. Works offline.
 *
 * @returns the files and everything that they import, imports first, with comments and positions
 * @throws ContractError with all mistakes of all files; the paths are relative to the current folder
 * @throws CodeGeneratorError if buf is not installed or there is nothing to compile
 */
export async function compileProtos(options: CompileProtosOptions): Promise<FileDescriptorSet> {
  const root = resolve(options.root);
  const shownRoot = shownPath(root);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CodeGeneratorError(
      `There is no folder ${shownRoot}: it should hold the .proto files.`,
    );
  }
  const files = options.files ?? findProtos(root);
  if (files.length === 0) {
    throw new CodeGeneratorError(`There is no .proto file in ${shownRoot}: add one.`);
  }
  const roots = [root, ...(options.imports ?? [])];
  checkPaths(roots);
  // buf works in one folder, which must hold all others.
  const cwd = commonFolder(roots);
  const args = ["build", ".", "--error-format", "json", "--output", "-"];
  args.push("--config", bufConfig(roots, cwd), "--as-file-descriptor-set");
  if (options.files !== undefined) args.push(...options.files.flatMap((file) => ["--path", file]));

  const { status, stdout, stderr } = await runBuf(options.buf ?? bufCommand(), args, cwd);
  if (status === 0) return fromBinary(FileDescriptorSetSchema, stdout);
  if (status === MISTAKES_FOUND) {
    const context = { ...options, root, cwd };
    throw new ContractError(readAnnotations(stderr).map((it) => explain(it, context)));
  }
  throw new CodeGeneratorError(`buf could not compile ${shownRoot}: ${stderr.trim()}`);
}

/** Paths of all `.proto` files under `root`, relative to it, with forward slashes, sorted. */
export function findProtos(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".proto"))
    .map(toPosix)
    .sort();
}

/** Protobuf knows files by their paths alone, so no two of them may have the same. */
function checkPaths(roots: readonly string[]): void {
  if (roots.length === 1) return;
  const seen = new Map<string, string>();
  for (const root of roots) {
    for (const path of findProtos(root)) {
      const other = seen.get(path);
      if (other !== undefined) {
        const files = [other, root].map((it) => shownPath(join(it, path))).join(" and ");
        throw new CodeGeneratorError(
          `${files} are both "${path}" to Protocol Buffers: move one of them into a folder named after its package.`,
        );
      }
      seen.set(path, root);
    }
  }
}

function commonFolder([first = ".", ...others]: readonly string[]): string {
  let folder = first;
  const holds = (path: string) => path === folder || path.startsWith(folder + sep);
  while (!others.every(holds) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

interface MistakeContext extends Pick<CompileProtosOptions, "imports" | "findElsewhere"> {
  /** Absolute folder that imports are relative to. */
  readonly root: string;
  /** Absolute folder that the paths in what buf prints are relative to. */
  readonly cwd: string;
}

/** What buf printed with `--error-format json`, by position; paths are as it printed them. */
export function readAnnotations(output: string): Diagnostic[] {
  const mistakes = new Map<string, Diagnostic>();
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    const annotation = JSON.parse(line) as {
      path?: string;
      start_line?: number;
      start_column?: number;
      message?: string;
    };
    // buf reports a mistake of an imported file once for every file that imports it.
    mistakes.set(line, {
      path: annotation.path ?? ".",
      line: annotation.start_line ?? 1,
      column: annotation.start_column ?? 1,
      message: annotation.message ?? "buf found a mistake but does not say which",
    });
  }
  if (mistakes.size === 0) throw new CodeGeneratorError(`buf failed: ${output.trim()}`);
  return [...mistakes.values()].sort(byPosition);
}

/** A mistake with what to do about it. */
function explain(mistake: Diagnostic, context: MistakeContext): Diagnostic {
  const { root, cwd, findElsewhere } = context;
  const path = join(cwd, mistake.path);
  let { message } = mistake;
  if (message === "imported file does not exist") {
    const name = importedFile(path, mistake.line);
    const contract = name === undefined ? undefined : findElsewhere?.(name);
    message =
      (name === undefined ? "the imported file" : `the imported file "${name}"`) +
      (contract === undefined
        ? ` does not exist: imports are relative to ${shownPath(root)}`
        : ` is of ${contract}: add "${contract}" to "imports" in wplug.json`);
  }
  const missing = /^cannot find `(.+)` in this scope$/.exec(message)?.[1];
  if (missing !== undefined) message += missingImport(missing, path, context);
  return { ...mistake, path: shownPath(path), message };
}

/** What to import for a type that is not known, if that can be told. */
function missingImport(name: string, path: string, { root, imports = [] }: MistakeContext): string {
  for (const folder of [root, ...imports]) {
    const others = findProtos(folder).filter((other) => join(folder, other) !== path);
    const found = findDeclaration(name, folder, others);
    if (found === undefined) continue;
    const { file, line, typeName } = found;
    const place = line === undefined ? file : `${shownPath(resolve(folder, file))}:${line}`;
    return `: ${typeName} is declared in ${place}: add import "${file}";`;
  }
  return "";
}

// buf points at the import statement but doesn't name the file.
function importedFile(path: string, line: number): string | undefined {
  const text = readFileSync(path, "utf8").split("\n")[line - 1] ?? "";
  return /["'](.*)["']/.exec(text)?.[1];
}

function byPosition(a: Diagnostic, b: Diagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
