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
 * are in no language, and where they have one it is not that of a test.
 *
 * @see https://doc.rust-lang.org/rustdoc/write-documentation/documentation-tests.html
 */
export function docLines(lines: Lines, mark = "///"): string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const text = fence === undefined ? line.replace(/^(\t| {4})\s*/, "   ") : line;
    const [, start = "", marks = "", info = ""] = /^([\s>]*)(`{3,}|~{3,})(.*)$/.exec(text) ?? [];
    const isOpening = marks !== "" && fence === undefined;
    if (isOpening) fence = marks;
    else if (fence !== undefined && marks.startsWith(fence) && info.trim() === "")
      fence = undefined;
    const shown = isOpening && EXAMPLE.test(info) ? `${start}${marks}text` : text;
    return `${mark} ${shown}`.trimEnd();
  });
}

/** What a block of code says where rustdoc compiles it. */
const EXAMPLE =
  /^[\s{]*(?:(?:rust|should_panic|no_run|compile_fail|ignore[\w-]*|test_harness|standalone[\w-]*|edition\d+|E\d{4})[\s,}]*)*$/;

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
