import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

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
  /** How to start buf. Default: the one of npm. */
  readonly buf?: Command;
}

// Given inline, so that a buf.yaml which happens to be around doesn't change what is generated.
const config = JSON.stringify({ version: "v2" });

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
  const args = ["build", ".", "--config", config, "--error-format", "json", "--output", "-"];
  args.push("--as-file-descriptor-set");
  if (options.files !== undefined) args.push(...options.files.flatMap((file) => ["--path", file]));

  const { status, stdout, stderr } = await runBuf(options.buf ?? bufCommand(), args, root);
  if (status === 0) return fromBinary(FileDescriptorSetSchema, stdout);
  if (status === MISTAKES_FOUND) throw new ContractError(readMistakes(stderr, root));
  throw new CodeGeneratorError(`buf could not compile ${shownRoot}: ${stderr.trim()}`);
}

/** Paths of all `.proto` files under `root`, relative to it, with forward slashes, sorted. */
export function findProtos(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".proto"))
    .map(toPosix)
    .sort();
}

/** What buf printed with `--error-format json`, by position. */
export function readMistakes(output: string, root: string): Diagnostic[] {
  const mistakes = new Map<string, Diagnostic>();
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    const mistake = readMistake(line, root);
    // buf reports a mistake of an imported file once for every file that imports it.
    mistakes.set(JSON.stringify(mistake), mistake);
  }
  if (mistakes.size === 0) throw new CodeGeneratorError(`buf failed: ${output.trim()}`);
  return [...mistakes.values()].sort(byPosition);
}

function readMistake(json: string, root: string): Diagnostic {
  const annotation = JSON.parse(json) as {
    path?: string;
    start_line?: number;
    start_column?: number;
    message?: string;
  };
  const path = annotation.path ?? ".";
  const line = annotation.start_line ?? 1;
  let message = annotation.message ?? "buf found a mistake but does not say which";
  if (message === "imported file does not exist") {
    message = `${importedFile(join(root, path), line)} does not exist: imports are relative to ${shownPath(root)}`;
  }
  const missing = /^cannot find `(.+)` in this scope$/.exec(message)?.[1];
  if (missing !== undefined) message += missingImport(missing, path, root);
  return {
    path: shownPath(resolve(root, path)),
    line,
    column: annotation.start_column ?? 1,
    message,
  };
}

/** What to import for a type that is not known, if that can be told. */
function missingImport(name: string, path: string, root: string): string {
  const others = findProtos(root).filter((other) => other !== toPosix(path));
  const found = findDeclaration(name, root, others);
  if (found === undefined) return "";
  const { file, line, typeName } = found;
  const place = line === undefined ? file : `${shownPath(resolve(root, file))}:${line}`;
  return `: ${typeName} is declared in ${place}: add import "${file}";`;
}

// buf points at the import statement but doesn't name the file.
function importedFile(path: string, line: number): string {
  const text = readFileSync(path, "utf8").split("\n")[line - 1] ?? "";
  const name = /["'](.*)["']/.exec(text)?.[1];
  return name === undefined ? "the imported file" : `the imported file "${name}"`;
}

function byPosition(a: Diagnostic, b: Diagnostic): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
