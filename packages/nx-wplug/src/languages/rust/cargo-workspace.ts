import type { Tree } from "@nx/devkit";

/**
 * Adds a package to the Cargo workspace in the root, if there is one: within it, Cargo refuses to build packages that it does
 * not name.
 *
 * @param root folder of the package, relative to the workspace's
 * @param contractRoot that of its contract, which is no package of Cargo: all builds would fail where a pattern of members
 *   matches it
 * @returns whether there is one
 * @see https://doc.rust-lang.org/cargo/reference/workspaces.html
 */
export function addToCargoWorkspace(tree: Tree, root: string, contractRoot: string): boolean {
  const text = tree.read("Cargo.toml", "utf-8");
  if (text === null || !/^\s*\[workspace\]/m.test(text)) return false;
  let changed = isListed(text, "members", root) ? text : addToList(text, "members", root);
  if (
    isListed(text, "members", contractRoot) &&
    !isListed(text, "exclude", contractRoot) &&
    !tree.exists(`${contractRoot}/Cargo.toml`)
  ) {
    changed = addToList(changed, "exclude", contractRoot);
  }
  if (changed !== text) tree.write("Cargo.toml", changed);
  return true;
}

/** A list of folders in `[workspace]`. */
type Key = "members" | "exclude";

function listOf(text: string, key: Key): RegExpExecArray | null {
  return new RegExp(`^(\\s*${key}\\s*=\\s*\\[)([^\\]]*)\\]`, "m").exec(text);
}

function isListed(text: string, key: Key, folder: string): boolean {
  const [, , list = ""] = listOf(text, key) ?? [];
  const named = [...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map((it) => it[1] ?? it[2] ?? "");
  return named.some((pattern) => matches(pattern, folder));
}

function addToList(text: string, key: Key, folder: string): string {
  const found = listOf(text, key);
  if (found === null) {
    return text.replace(/^\s*\[workspace\].*$/m, `$&\n${key} = ["${folder}"]`);
  }
  const [whole, start = "", list = ""] = found;
  const isMultiline = list.includes("\n");
  const kept = list.trimEnd().replace(/,$/, "");
  const comma = kept.trim() === "" ? "" : ",";
  const added = isMultiline
    ? `${kept}${comma}\n    "${folder}",\n`
    : `${kept}${comma}${comma === "" ? "" : " "}"${folder}"`;
  return text.replace(whole, () => `${start}${added}]`);
}

/** Members may be patterns of one folder each: `packages/*`. */
function matches(pattern: string, root: string): boolean {
  const parts = pattern.replace(/^\.\//, "").replace(/\/$/, "").split("/");
  const names = root.split("/");
  return (
    parts.length === names.length &&
    parts.every((part, index) => {
      const escaped = part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
      return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(
        names[index] ?? "",
      );
    })
  );
}
