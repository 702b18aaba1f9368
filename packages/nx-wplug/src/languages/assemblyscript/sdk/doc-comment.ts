import type { JSDocStructure, OptionalKind } from "ts-morph";

import type { Comment } from "../../../contract/contract";

/** The comment of a proto element as the doc comment of what is generated from it; `fallback` where it has none. */
export function docComment(comment: Comment, fallback?: string): OptionalKind<JSDocStructure>[] {
  const lines = comment.lines.length === 0 && fallback !== undefined ? [fallback] : comment.lines;
  const text = [...lines, ...(comment.deprecated ? ["@deprecated"] : [])];
  return text.length === 0 ? [] : doc(...text);
}

/** A doc comment of these lines. */
export function doc(...lines: readonly string[]): OptionalKind<JSDocStructure>[] {
  // What ends a comment in a proto file may be any line feed, but not in the middle of this one.
  const text = lines.map((line) => line.trimEnd().replaceAll("*/", "*\\/"));
  return [{ description: text.length === 1 ? (text[0] ?? "") : `\n${text.join("\n")}` }];
}

/** The lines of a doc comment as they stand in a file. */
export function docLines(docs: readonly OptionalKind<JSDocStructure>[]): string[] {
  return docs.flatMap(({ description }) => {
    const lines = String(description).split("\n");
    return lines.length === 1
      ? [`/** ${lines[0] ?? ""} */`]
      : ["/**", ...lines.slice(1).map((line) => ` * ${line}`.trimEnd()), " */"];
  });
}
