import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The Cargo.lock of a new package that depends on what new plugins depend on. Without one, the first build would write it, and so
 * be no result for the second.
 *
 * @param name of the package
 */
export function newCargoLock(name: string): string {
  const text = readFileSync(join(__dirname, "files-lock/Cargo.lock"), "utf8");
  const [head = "", ...packages] = text.split(/\n(?=\[\[package\]\])/);
  const own = [
    "[[package]]",
    `name = "${name}"`,
    'version = "0.1.0"',
    "dependencies = [",
    ' "prost",',
    ' "prost-types",',
    "]",
    "",
  ].join("\n");
  // Cargo sorts by name, and would write another order anew.
  const nameOf = (entry: string) => /^name = "(.*)"$/m.exec(entry)?.[1] ?? "";
  const sorted = [...packages, own].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return [head, ...sorted].join("\n");
}
