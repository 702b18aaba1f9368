import type { Comment } from "../../../contract/contract";

/** The longest line that rustfmt leaves as it is. */
export const WIDTH = 100;

/** The longest arguments that rustfmt leaves in an attribute's line. */
const ATTRIBUTE_WIDTH = 70;

export type Lines = readonly string[];

/** Lines one level deeper. */
export function indent(lines: Lines): string[] {
  return lines.map((line) => (line === "" ? "" : `    ${line}`));
}

/** A doc comment with its attribute of deprecation, if there is something to say. */
export function documentation({ lines, deprecated }: Comment, mark = "///"): string[] {
  return [...docLines(lines, mark), ...(deprecated ? ["#[deprecated]"] : [])];
}

/**
 * Lines of a doc comment. What rustdoc would take for an example in Rust, and compile, is made a text: comments of protos
 * are in no language.
 */
export function docLines(lines: Lines, mark = "///"): string[] {
  let inFence = false;
  return lines.map((line) => {
    const fence = /^\s*(```+|~~~+)\s*$/.exec(line);
    const isOpening = fence !== null && !inFence;
    if (/^\s*(```|~~~)/.test(line)) inFence = !inFence;
    const text = isOpening ? `${line.trimEnd()}text` : line;
    return `${mark} ${inFence ? text : text.replace(/^(\t| {4})\s*/, "   ")}`.trimEnd();
  });
}

/** `#[prost(string, tag = "1")]`, broken as rustfmt breaks it. */
export function prostAttribute(args: Lines): string[] {
  const joined = args.join(", ");
  if (joined.length <= ATTRIBUTE_WIDTH) return [`#[prost(${joined})]`];
  return [
    "#[prost(",
    ...args.map((arg, index) => `    ${arg}${index + 1 < args.length ? "," : ""}`),
    ")]",
  ];
}

/** An item that rustfmt is told to leave alone if it has a line that rustfmt would break. */
export function item(docs: Lines, code: Lines, depth: number): string[] {
  const tooLong = code.some((line) => line.length + 4 * depth > WIDTH);
  return [...docs, ...(tooLong ? ["#[rustfmt::skip]"] : []), ...code];
}

/** Items with an empty line between each. */
export function separated(items: readonly Lines[]): string[] {
  return items
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}
