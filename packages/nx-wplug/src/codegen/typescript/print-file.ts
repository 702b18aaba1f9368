import {
  IndentationText,
  NewLineKind,
  Project,
  QuoteKind,
  type SourceFileStructure,
} from "ts-morph";

import type { GeneratedFile } from "../generated-file";
import { header } from "../header";
import { unindentMarked } from "./code";

export type Statements = NonNullable<SourceFileStructure["statements"]>;

/** Makes the text of a generated file; `source` is what the header names as its origin. */
export type PrintFile = (path: string, source: string, statements: Statements) => GeneratedFile;

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
  return (path, source, statements) => {
    const file = project.createSourceFile(path, { statements });
    const text = unindentMarked(file.getFullText());
    // ts-morph leaves blanks at the ends of some lines.
    const content = `${header(source)}
${text}`.replace(/ +$/gm, "");
    // Contracts may be large, and nothing looks at the file again.
    file.forget();
    return { path, content };
  };
}
