import { readFileSync } from "node:fs";
import { join } from "node:path";

/** docs/security.md: its lines are the names of tests. */
const page = readFileSync(join(__dirname, "../../../../docs/security.md"), "utf8");

function section(heading: string): string {
  const [, text] = page.split(`\n## ${heading}\n`);
  if (text === undefined) throw new Error(`docs/security.md has no heading "${heading}"`);
  return text.split("\n## ", 1)[0] ?? "";
}

/** The first cells of the rows of the table under a heading, as text. */
export function linesOf(heading: string): string[] {
  const table = section(heading).match(/^\|.*\|$/gm) ?? [];
  return table.slice(2).map((row) => row.split("|")[1]?.trim() ?? "");
}

/** What the items of the lists under a heading begin with in bold. */
export function itemsOf(heading: string): string[] {
  return Array.from(section(heading).matchAll(/^- \*\*(.+?)\.?\*\*/gm), ([, name = ""]) => name);
}

/** Whether the page says so, wherever its lines break. */
export function pageSays(sentence: string): boolean {
  return page.replace(/\s+/g, " ").includes(sentence);
}
