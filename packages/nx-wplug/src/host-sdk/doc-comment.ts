import type { CodeBlockWriter, JSDocStructure, OptionalKind } from "ts-morph";

import type { Comment } from "../contract/contract";

type Docs = OptionalKind<JSDocStructure>[];

/** The comment of a proto element as the doc comment of what is generated from it. */
export function docComment(comment: Comment): Docs {
  return doc(commentLines(comment));
}

/** A doc comment of these lines; none if there are none. */
export function doc(lines: readonly string[]): Docs {
  if (lines.length === 0) return [];
  const safe = lines.map(escapeComment);
  return [{ description: safe.length === 1 ? (safe[0] ?? "") : `\n${safe.join("\n")}` }];
}

/** The lines of the doc comment for a proto element. */
export function commentLines({ lines, deprecated }: Comment): readonly string[] {
  if (!deprecated) return lines;
  return lines.length === 0 ? ["@deprecated"] : [...lines, "", "@deprecated"];
}

/** The lines before the first empty one. */
export function firstParagraph(lines: readonly string[]): readonly string[] {
  const end = lines.indexOf("");
  return end < 0 ? lines : lines.slice(0, end);
}

/** Writes a doc comment of these lines; nothing if there are none. */
export function writeDoc(writer: CodeBlockWriter, lines: readonly string[]): void {
  if (lines.length === 0) return;
  const safe = lines.map(escapeComment);
  if (safe.length === 1) {
    writer.writeLine(`/** ${safe[0]} */`);
    return;
  }
  writer.writeLine("/**");
  for (const line of safe) writer.writeLine(line === "" ? " *" : ` * ${line}`);
  writer.writeLine(" */");
}

/** Text that does not end the comment it stands in. */
export function escapeComment(text: string): string {
  return text.replaceAll("*/", "*\\/");
}
