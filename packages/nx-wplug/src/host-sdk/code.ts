import { CodeBlockWriter } from "ts-morph";

/**
 * Text of a piece of code. ts-morph calls writer functions only when it prints the file, which is too late to find out
 * what the file imports.
 */
export function code(write: (writer: CodeBlockWriter) => void): string {
  const writer = new CodeBlockWriter({ indentNumberOfSpaces: 2, newLine: "\n" });
  write(writer);
  return writer.toString();
}

// No text of a generated file has it: comments come from proto files, where control characters are not allowed.
const mark = "\u0001";

/**
 * Marks a multi-line initializer or type as indented already. ts-morph indents all lines of those but the first by one
 * level more, and its formatter, which would mend that, takes five times as long as all the rest.
 */
export function asIndented(text: string): string {
  return text.replaceAll("\n", `\n${mark}`);
}

/** Takes the superfluous level back where `asIndented` said so. */
export function unindentMarked(text: string): string {
  return text.replace(new RegExp(`^  ( *)${mark}`, "gm"), "$1");
}
