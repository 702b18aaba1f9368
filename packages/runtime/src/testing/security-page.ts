import { readFileSync } from "node:fs";
import { join } from "node:path";

/** docs/security.md: its lines are the names of tests. */
const page = readFileSync(join(__dirname, "../../../../docs/security.md"), "utf8");

function section(heading: string): string {
  const [, text] = page.split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`docs/security.md has no heading "${heading}"`);
  return text.split("\n## ", 1)[0] ?? "";
}

/** The cells of the table under a heading, as text: row by row, without that of headings and that of dashes. */
export function rowsOf(heading: string): string[][] {
  return tableOf(heading).slice(2);
}

/** The headings of the columns of that table. */
export function columnsOf(heading: string): string[] {
  return tableOf(heading)[0] ?? [];
}

function tableOf(heading: string): string[][] {
  const table = section(heading).match(/^\|.*\|$/gm) ?? [];
  return table.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The first cells of the rows of the table under a heading, as text. */
export function linesOf(heading: string): string[] {
  return rowsOf(heading).map(([line = ""]) => line);
}

/** The numbers of the items of the numbered list under a heading. */
export function notesOf(heading: string): string[] {
  return Array.from(section(heading).matchAll(/^(\d+)\. /gm), ([, number = ""]) => number);
}

/** What the items of the lists under a heading begin with in bold. */
export function itemsOf(heading: string): string[] {
  return Array.from(section(heading).matchAll(/^- \*\*(.+?)\.?\*\*/gm), ([, name = ""]) => name);
}

/** Whether the page says so, wherever its lines break. */
export function pageSays(sentence: string): boolean {
  return page.replace(/\s+/g, " ").includes(sentence);
}
