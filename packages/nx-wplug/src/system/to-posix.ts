/** `path` with forward slashes, as protobuf and terminals on every system understand it. */
export function toPosix(path: string): string {
  return path.replaceAll("\\", "/");
}
