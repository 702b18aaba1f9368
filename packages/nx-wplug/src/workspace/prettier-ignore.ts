import type { Tree } from "@nx/devkit";
import ignore from "ignore";

const FILE = ".prettierignore";

/**
 * Leaves folders with generated code to their generator: Prettier reads no .gitignore but that of the root. Nothing happens in a
 * workspace without Prettier.
 *
 * @param folders relative to the workspace's root
 * @returns those that were not left out yet
 */
export function leaveOutOfPrettier(tree: Tree, folders: readonly string[]): string[] {
  if (!usesPrettier(tree)) return [];
  const text = tree.read(FILE, "utf-8") ?? "";
  const ignored = ignore()
    .add(text)
    .add(tree.read(".gitignore", "utf-8") ?? "");
  const missing = folders.filter((folder) => !ignored.ignores(`${folder}/x.ts`));
  if (missing.length === 0) return [];
  const lineEnd = text === "" || text.endsWith("\n") ? "" : "\n";
  tree.write(FILE, text + lineEnd + missing.map((folder) => `/${folder}\n`).join(""));
  return missing;
}

function usesPrettier(tree: Tree): boolean {
  if (tree.exists(FILE) || tree.children(".").some((name) => name.startsWith(".prettierrc"))) {
    return true;
  }
  const manifest = JSON.parse(tree.read("package.json", "utf-8") ?? "{}") as Record<string, object>;
  return ["dependencies", "devDependencies"].some((key) => "prettier" in (manifest[key] ?? {}));
}
