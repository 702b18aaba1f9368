/**
 * The figures in docs/languages.md, which are those of the benchmark's record, figures.json. `node table.mjs` says whether they
 * are, and the benchmark writes both.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, "../../../docs/languages.md");
const record = join(here, "figures.json");

const BEGIN = "<!-- Written by `npm run bench -- languages`: begin -->";
const END = "<!-- end -->";

/** @returns {Record<string, { compiler: string, size: number, gzip: number, call: number, load: number, memory: number, inline: number, worker: number }>} */
export function readRecord() {
  return JSON.parse(readFileSync(record, "utf8"));
}

export function writeRecord(figures) {
  writeFileSync(record, JSON.stringify(figures, null, 2) + "\n");
}

/** Puts the figures of the record into the page. */
export function writePage() {
  writeFileSync(page, withFigures(readFileSync(page, "utf8"), readRecord()));
}

/** Whether the page has the figures of the record. */
export function isPageUpToDate() {
  const text = readFileSync(page, "utf8");
  return text === withFigures(text, readRecord());
}

function withFigures(text, figures) {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${page} has no place for the figures`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table(figures)}\n\n${text.slice(end)}`;
}

function table(figures) {
  const rows = Object.entries(figures).map(([language, it]) => [
    language,
    `${it.call.toFixed(2)} µs`,
    `${it.load.toFixed(1)} ms`,
    bytes(it.size),
    bytes(it.gzip),
    mebibytes(it.memory),
    mebibytes(it.inline),
    mebibytes(it.worker),
    it.compiler,
  ]);
  const head = [
    "",
    "a call",
    "load",
    "wasm",
    "gzip",
    "its memory",
    "one more",
    "in a thread",
    "made with",
  ];
  // As Prettier has it.
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => row[i].length)));
  const isNumber = (i) => i > 0 && i < head.length - 1;
  const line = (cells) =>
    `| ${cells.map((cell, i) => (isNumber(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    isNumber(i) ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

function mebibytes(count) {
  return `${(count / (1 << 20)).toFixed(2)} MiB`;
}

function bytes(count) {
  const kilo = count / 1000;
  return `${kilo < 100 ? kilo.toFixed(1) : Math.round(kilo).toLocaleString("en")} kB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isPageUpToDate()) {
  console.error("docs/languages.md has other figures than the record: npm run bench -- languages");
  process.exit(1);
}
