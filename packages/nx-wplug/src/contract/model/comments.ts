import type { Comment } from "../contract";
import { isAnnotation } from "./annotation";
import { part, type Located, type ProtoSource } from "./proto-source";

/** The comment of an element: the lines before it, and those behind it. */
export function readComment(source: ProtoSource, desc: Located): Comment {
  const { leading, trailing } = source.comments(desc);
  const before = commentLines(leading);
  const behind = commentLines(trailing);
  const lines =
    before.length > 0 && behind.length > 0 ? [...before, "", ...behind] : [...before, ...behind];
  return { lines, deprecated: "deprecated" in desc && desc.deprecated };
}

/** The comment of a file: the one before its package statement. */
export function readFileComment(source: ProtoSource, file: Located & { kind: "file" }): Comment {
  const { leading } = source.comments(file, part.filePackage);
  return { lines: commentLines(leading), deprecated: file.deprecated };
}

function commentLines(text: string): string[] {
  const lines = text
    .split("\n")
    .filter((line) => !isAnnotation(line))
    // One space belongs to the comment sign, further ones indent.
    .map((line) => line.replace(/^ /, "").trimEnd());
  while (lines[0] === "") lines.shift();
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
