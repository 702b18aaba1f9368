/**
 * Sets the version of a plugin service in the text of a `.proto` file. An annotation without a version, which is 1, gets one.
 *
 * @returns the new text; undefined if the service or its annotation is not found
 */
export function raiseVersion(proto: string, service: string, version: number): string | undefined {
  const declaration = new RegExp(`^[ \\t]*service\\s+${service}\\b`, "m").exec(proto);
  if (declaration === null) return undefined;
  const before = proto.slice(0, declaration.index);
  // The annotation is in the comment right above.
  const start = startOfComment(before);
  const comment = before.slice(start);
  const raised = raise(comment, version);
  if (raised === comment) return undefined;
  return proto.slice(0, start) + raised + proto.slice(declaration.index);
}

function startOfComment(text: string): number {
  const lines = text.split("\n");
  // What is behind the last line break is the indentation of the service.
  let first = lines.length - 1;
  let isInside = false;
  while (first > 0) {
    const line = lines[first - 1] ?? "";
    isInside ||= /\*\/\s*$/.test(line);
    if (!isInside && !/^\s*\/\//.test(line)) break;
    if (/\/\*/.test(line)) isInside = false;
    first--;
  }
  return lines.slice(0, first).join("\n").length + (first > 0 ? 1 : 0);
}

function raise(comment: string, version: number): string {
  // The last version counts.
  const raised = comment.replace(/([^]*go:plugin\b.*\sversion=)\d+/, `$1${version}`);
  if (raised !== comment) return raised;
  return comment.replace(/(go:plugin\b.*\stype=plugin\b)/, `$1 version=${version}`);
}
