import type { JSDocStructure, OptionalKind } from "ts-morph";

import type { Comment } from "../contract";

type Docs = OptionalKind<JSDocStructure>[];

/** The comment of a proto element as the doc comment of what is generated from it. */
export function docComment(comment: Comment, fallback: readonly string[] = []): Docs {
  const lines = comment.lines.length > 0 ? comment.lines : fallback;
  const separator = comment.deprecated && lines.length > 0 ? [""] : [];
  return doc([...lines, ...separator, ...(comment.deprecated ? ["@deprecated"] : [])]);
}

/** A doc comment of these lines; none if there are none. */
export function doc(lines: readonly string[]): Docs {
  if (lines.length === 0) return [];
  const safe = lines.map(escapeComment);
  return [{ description: safe.length === 1 ? (safe[0] ?? "") : `\n${safe.join("\n")}` }];
}

/** Text that does not end the comment it stands in. */
export function escapeComment(text: string): string {
  return text.replaceAll("*/", "*\\/");
}
