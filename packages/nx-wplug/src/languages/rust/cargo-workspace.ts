import type { Tree } from "@nx/devkit";

/**
 * Adds a package to the Cargo workspace in the root, if there is one: within it, Cargo refuses to build packages that it does
 * not name.
 *
 * @param root folder of the package, relative to the workspace's
 * @returns whether there is one
 * @see https://doc.rust-lang.org/cargo/reference/workspaces.html
 */
export function addToCargoWorkspace(tree: Tree, root: string): boolean {
  const text = tree.read("Cargo.toml", "utf-8");
  if (text === null || !/^\s*\[workspace\]/m.test(text)) return false;
  const members = /^(\s*members\s*=\s*\[)([^\]]*)\]/m.exec(text);
  if (members === null) {
    tree.write("Cargo.toml", text.replace(/^\s*\[workspace\].*$/m, `$&\nmembers = ["${root}"]`));
    return true;
  }
  const [whole, start = "", list = ""] = members;
  const named = [...list.matchAll(/"([^"]*)"|'([^']*)'/g)].map((it) => it[1] ?? it[2] ?? "");
  if (named.some((pattern) => matches(pattern, root))) return true;
  const isMultiline = list.includes("\n");
  const kept = list.trimEnd().replace(/,$/, "");
  const comma = kept.trim() === "" ? "" : ",";
  const added = isMultiline
    ? `${kept}${comma}\n    "${root}",\n`
    : `${kept}${comma}${comma === "" ? "" : " "}"${root}"`;
  tree.write(
    "Cargo.toml",
    text.replace(whole, () => `${start}${added}]`),
  );
  return true;
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
