import { relative, sep } from "node:path";

import type { AscDiagnostic, AscPlace } from "./run-asc";

/** `File '…' not found.` */
export const FILE_NOT_FOUND = 6054;

/** What is wrong with a plugin's source, or might be. */
export interface CompileDiagnostic {
  readonly severity: "error" | "warning" | "info";
  /** `TS2515`, `AS100`; undefined where the compiler has no number for it. */
  readonly code: string | undefined;
  readonly message: string;
  /** Undefined where no line of a source is to blame. */
  readonly place: SourcePlace | undefined;
}

export interface SourcePlace {
  /** Relative to the workspace's root, with forward slashes; `~lib/…` for AssemblyScript's own library. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** Text of the line, without what ends it. */
  readonly text: string;
  /** How much of the line is meant, at least 1. */
  readonly length: number;
}

/** `path:line:col: error TS2515: text`, then the source line and a caret under what is meant. */
export function formatDiagnostic({ severity, code, message, place }: CompileDiagnostic): string {
  const what = `${severity}${code === undefined ? "" : ` ${code}`}: ${message}`;
  if (place === undefined) return what;
  // Tabs stay tabs, so that the caret is below its character whatever their width.
  const indent = place.text.slice(0, place.column - 1).replace(/[^\t]/g, " ");
  return [
    `${place.path}:${place.line}:${place.column}: ${what}`,
    `  ${place.text}`,
    `  ${indent}${"^".repeat(place.length)}`,
  ].join("\n");
}

/** A diagnostic of the compiler with paths relative to `workspaceRoot`. */
export function toCompileDiagnostic(
  diagnostic: AscDiagnostic,
  workspaceRoot: string,
): CompileDiagnostic {
  return {
    severity: diagnostic.category === 3 ? "error" : diagnostic.category === 2 ? "warning" : "info",
    code: codeName(diagnostic.code),
    message:
      diagnostic.code === FILE_NOT_FOUND ? diagnostic.message : withoutModules(diagnostic.message),
    place: diagnostic.place && sourcePlace(diagnostic.place, workspaceRoot),
  };
}

/** asc takes its numbers above 1000 from TypeScript. */
function codeName(code: number): string {
  return `${code < 1000 ? "AS" : "TS"}${code}`;
}

/** The compiler names types with their modules, `~lib/string/String`: for people the last part says more. */
function withoutModules(message: string): string {
  return message.replace(/(?:[\w~@.$-]+\/)+([A-Za-z_$][\w$]*)/g, "$1");
}

function sourcePlace(place: AscPlace, workspaceRoot: string): SourcePlace | undefined {
  const { text, start, end } = place;
  if (text === undefined) return undefined;
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineText = text.slice(lineStart).split(/\r?\n/, 1)[0] ?? "";
  const column = start - lineStart + 1;
  return {
    path:
      place.file === undefined
        ? place.sourcePath
        : relative(workspaceRoot, place.file).split(sep).join("/"),
    line: text.slice(0, lineStart).split("\n").length,
    column,
    text: lineText,
    length: Math.max(1, Math.min(end - start, lineText.length - column + 1)),
  };
}
