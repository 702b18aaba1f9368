/**
 * Pages that say again what other pages say: what they show has to be there. The e2e tests follow the tour of the README and the page
 * about Go, and do what the others tell; so these need no workspace of their own to be run in, and can't get old by themselves.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PAGES, root } from "./pages.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");

const SOURCES = [...PAGES.keys()].filter((path) => !/getting-started|faq/.test(path));

/** @returns {string[]} a line for each command or block of docs/getting-started.md that no other page has */
export function unknownBlocks(markdown = read("docs/getting-started.md")) {
  const known = new Set(SOURCES.flatMap((path) => blocksOf(read(path))).flatMap(linesOf));
  return blocksOf(markdown)
    .flatMap(linesOf)
    .filter((line) => !known.has(line))
    .map((line) => `docs/getting-started.md: no other page has "${line}"`);
}

/** @returns {string[]} a line for each name in the right column of the tables of docs/faq.md that no other page has */
export function unknownNames(markdown = read("docs/faq.md")) {
  const known = SOURCES.map(read).join("\n");
  return (
    [...markdown.matchAll(/^\|(?: [^|]+\|)+$/gm)]
      .flatMap(([row]) => [...(row.split("|").at(-2) ?? "").matchAll(/`([^`]+)`/g)])
      .map(([, name]) => name)
      // A call by its function: what it is given is said in words here.
      .filter((name) => !known.includes(name.replace(/\(.*$/, "(")))
      .map((name) => `docs/faq.md: no other page has "${name}"`)
  );
}

function blocksOf(markdown) {
  return [...markdown.matchAll(/^```\w+\n([^]*?)^```$/gm)].map(([, content]) => content);
}

/** The lines of a block, without what is said of them. */
function linesOf(content) {
  return content
    .split("\n")
    .map((line) => line.replace(/\s+(?:#|\/\/) .*$/, "").trim())
    .filter((line) => line !== "");
}
