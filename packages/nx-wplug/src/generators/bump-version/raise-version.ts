/**
 * Sets the version of a plugin service in the text of a `.proto` file.
 *
 * @returns the new text; undefined if the service or its annotation is not found
 */
export function raiseVersion(proto: string, service: string, version: number): string | undefined {
  const declaration = new RegExp(`^[ \\t]*service\\s+${service}\\b`, "m").exec(proto);
  if (declaration === null) return undefined;
  // The annotation is in the comment right above, so the last one before the service is its own.
  const before = proto.slice(0, declaration.index);
  const annotations = [...before.matchAll(/go:plugin\b.*?\bversion=(\d+)/g)];
  const last = annotations.at(-1);
  if (last === undefined) return undefined;
  const end = last.index + last[0].length;
  return proto.slice(0, end - (last[1]?.length ?? 0)) + String(version) + proto.slice(end);
}
