import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
} from "ts-morph";

import { header } from "../../../generated/header";

/** What a file is made of. AssemblyScript is TypeScript's syntax, so its structures serve. */
export type Statements = NonNullable<SourceFileStructure["statements"]>;

/** Set up once: to do it anew takes longer than most files. */
let project: Project | undefined;

/**
 * Text of a generated file. `source` is what the header names as its origin. The parts in `texts` are appended as they are:
 * ts-morph parses what it prints, which is much work for large files.
 */
export function printSource(
  source: string,
  statements: Statements,
  texts: readonly string[] = [],
): string {
  project ??= new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });
  const file = project.createSourceFile("generated.ts", { statements });
  const text = file.getFullText().trim();
  // Contracts may be large, and nothing looks at the file again.
  file.forget();
  return [`${header(source)}\n${text}`.trim() + "\n", ...texts].join("\n");
}

/** One string of many lines. Of an array of strings, ts-morph would set each block apart with empty lines. */
export function joinLines(lines: readonly string[]): string {
  return lines.join("\n");
}
