import { readJson, type Tree, writeJson } from "@nx/devkit";
import picomatch from "picomatch";
import { isScalar, isSeq, parseDocument } from "yaml";

import { UserError } from "../errors/user-error";

const PNPM_FILE = "pnpm-workspace.yaml";

interface Manifest {
  workspaces?: string[] | { packages?: string[] };
}

/** The folders that the package manager links, as globs; undefined if it links none. */
export function workspaceGlobs(tree: Tree): readonly string[] | undefined {
  // pnpm reads no `workspaces`, and has its settings in the same file, also where there is one package.
  if (tree.exists(PNPM_FILE)) return pnpmGlobs(tree);
  if (!tree.exists("package.json")) return undefined;
  const { workspaces } = readJson<Manifest>(tree, "package.json");
  return Array.isArray(workspaces) ? workspaces : workspaces?.packages;
}

/** Adds a folder to what the package manager links, unless it is matched already. Comments and style stay as they are. */
export function addToGlobs(tree: Tree, folder: string): void {
  const globs = workspaceGlobs(tree);
  if (globs === undefined || isMatched(folder, globs)) return;
  if (tree.exists(PNPM_FILE)) addToPnpm(tree, folder);
  else addToManifest(tree, [...globs, folder]);
}

/** Whether a folder is one of those that the globs mean: `*` is within one folder, `!` leaves out. */
export function isMatched(folder: string, globs: readonly string[]): boolean {
  const plain = (glob: string) => glob.replace(/^\.?\//, "").replace(/\/$/, "");
  const excluded = globs.filter((glob) => glob.startsWith("!")).map((glob) => plain(glob.slice(1)));
  const included = globs.filter((glob) => !glob.startsWith("!")).map(plain);
  return (
    picomatch.isMatch(folder, included) &&
    !(excluded.length > 0 && picomatch.isMatch(folder, excluded))
  );
}

function pnpmGlobs(tree: Tree): readonly string[] | undefined {
  const packages = parsePnpm(tree).get("packages");
  if (packages === undefined || packages === null) return undefined;
  if (!isSeq(packages)) throw new UserError(`${PNPM_FILE}: "packages" must be a list of folders.`);
  return packages.toJSON() as string[];
}

/** Puts a line, or an item, into the text itself: a document that is written anew would not look as its author left it. */
function addToPnpm(tree: Tree, folder: string): void {
  const text = tree.read(PNPM_FILE, "utf-8") ?? "";
  const packages = parsePnpm(tree).get("packages");
  if (!isSeq(packages) || !packages.range) throw new Error(`${PNPM_FILE} has no list of packages`);
  const last = packages.items.at(-1);
  const lastEnd = isScalar(last) ? last.range?.[1] : undefined;
  const quote = isScalar(last) && last.type === "QUOTE_SINGLE" ? "'" : '"';
  const entry = quote + folder + quote;
  let at: number;
  let added: string;
  if (lastEnd === undefined) {
    at = packages.range[0] + 1;
    added = entry;
  } else if (packages.flow === true) {
    at = lastEnd;
    added = `, ${entry}`;
  } else {
    // A comment may follow the last item in its line, and all items have to be indented alike.
    const lineEnd = text.indexOf("\n", lastEnd);
    at = lineEnd < 0 ? text.length : lineEnd;
    const lineStart = text.lastIndexOf("\n", lastEnd - 1) + 1;
    const [indent] = /^[^-]*/.exec(text.slice(lineStart)) ?? [""];
    added = `\n${indent}- ${entry}`;
  }
  tree.write(PNPM_FILE, text.slice(0, at) + added + text.slice(at));
}

function parsePnpm(tree: Tree): ReturnType<typeof parseDocument> {
  const document = parseDocument(tree.read(PNPM_FILE, "utf-8") ?? "");
  const [error] = document.errors;
  if (error !== undefined) throw new UserError(`${PNPM_FILE}: ${error.message.trim()}`);
  return document;
}

function addToManifest(tree: Tree, globs: readonly string[]): void {
  const manifest = readJson<Manifest>(tree, "package.json");
  const workspaces = [...globs].sort();
  manifest.workspaces = Array.isArray(manifest.workspaces)
    ? workspaces
    : { ...manifest.workspaces, packages: workspaces };
  writeJson(tree, "package.json", manifest);
}
