import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
} from "ts-morph";

import { header } from "../header";

/** What a file is made of. AssemblyScript is TypeScript's syntax, so its structures serve. */
export type Statements = NonNullable<SourceFileStructure["statements"]>;

/** Text of a generated file. `source` is what the header names as its origin. */
export function printSource(source: string, statements: Statements): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
    },
  });
  const file = project.createSourceFile("generated.ts", { statements });
  return `${header(source)}\n${file.getFullText().trim()}\n`;
}

/** One string of many lines. Of an array of strings, ts-morph would set each block apart with empty lines. */
export function joinLines(lines: readonly string[]): string {
  return lines.join("\n");
}
