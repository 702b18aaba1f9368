import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The name that Nx gives the project in a folder; undefined if the folder is none (a template of a generator, say).
 *
 * @param folder absolute
 */
export function projectName(folder: string): string | undefined {
  const readName = (file: string): { name?: string; nx?: { name?: string } } => {
    const path = join(folder, file);
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as { name?: string }) : {};
  };
  const manifest = readName("package.json");
  return readName("project.json").name ?? manifest.nx?.name ?? manifest.name;
}

/** The name of the package in a folder; undefined if it has none. */
export function readManifestName(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { name?: string }).name;
}
