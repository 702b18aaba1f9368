import { relative } from "node:path";

/** `path` as it is shown to people: relative to the current folder, so that terminals make it a link. */
export function shownPath(path: string): string {
  return toPosix(relative(process.cwd(), path)) || ".";
}

/** Path with forward slashes, as protobuf and module specifiers have them. */
export function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}
