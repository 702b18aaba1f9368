import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
} from "ts-morph";

import type { GeneratedFile } from "../generated/generated-file";
import { header } from "../generated/header";
import { unindentMarked } from "./code";

export type Statements = NonNullable<SourceFileStructure["statements"]>;

/**
 * Makes the text of a generated file; `source` is what the header names as its origin. The parts in `texts` are appended
 * as they are: ts-morph parses what it prints, which is much work for large files.
 */
export type PrintFile = (
  path: string,
  source: string,
  statements: Statements,
  texts?: readonly string[],
) => GeneratedFile;

/** A printer for several files: the compiler behind ts-morph is set up once. */
export function filePrinter(): PrintFile {
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      newLineKind: NewLineKind.LineFeed,
      quoteKind: QuoteKind.Double,
      insertSpaceAfterOpeningAndBeforeClosingNonemptyBraces: true,
    },
  });
  return (path, source, statements, texts = []) => {
    const file = project.createSourceFile(path, { statements });
    const text = unindentMarked(file.getFullText());
    // ts-morph leaves blanks at the ends of some lines.
    const printed = `${header(source)}\n${text}`.replace(/ +$/gm, "");
    const content = [printed.trimEnd() + "\n", ...texts].join("\n");
    // Contracts may be large, and nothing looks at the file again.
    file.forget();
    return { path, content };
  };
}
