/** Pictures of figures: those that the benchmarks have written into docs/benchmarks.md and into their records. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { readRecord } from "../bench/languages/table.mjs";
import { format } from "./format.mjs";
import { pairedBars, pairsBelow } from "./pairs.mjs";
import { picture, rect, text } from "./svg.mjs";

const page = join(dirname(fileURLToPath(import.meta.url)), "../../docs/benchmarks.md");

/**
 * The figures of a column of a table: `0.53 (1.0×)` is 0.53, and of `1.09 / 0.79` the part is taken that is asked for.
 *
 * @param {string} markdown
 * @param {string} head the first cell of the table's head
 * @param {string} column the head of the column
 * @param {number} nameCells how many cells of a row say what it is of
 * @param {number} part
 * @returns {{ name: string, value: number }[]}
 */
export function column(markdown, head, column, nameCells = 1, part = 0) {
  const rows = [...markdown.matchAll(/(?:^\|.*\|$\n?)+/gm)]
    .map(([table]) => table.trim().split("\n").map(cells))
    .find(([first]) => first[0] === head && first.includes(column));
  if (rows === undefined)
    throw new Error(`docs/benchmarks.md has no table "${head}" with a column "${column}"`);
  const index = rows[0].indexOf(column);
  return rows.slice(2).map((row) => {
    const value = Number.parseFloat((row[index].split("/")[part] ?? "").replaceAll(",", ""));
    if (Number.isNaN(value))
      throw new Error(`docs/benchmarks.md: "${row[index]}" of ${row[0]} is no number`);
    return { name: row.slice(0, nameCells).join(", "), value };
  });
}

function cells(line) {
  return line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());
}

/**
 * Bars, one panel beside the other. Their lengths are logarithmic where they say so: then each step of the same length is a factor.
 *
 * @param {{ title: string, note: string, panels: { title: string, unit: string, figures: { name: string, value: number }[] }[], logarithmic?: boolean, isOurs?: (name: string) => boolean }} chart
 */
export function bars({ title, note, panels, logarithmic = false, isOurs = isWplug }) {
  const names = panels[0].figures.map(({ name }) => name);
  const gutter = 280;
  const width = 820;
  const panel = (width - gutter - 20) / panels.length;
  const height = 86 + names.length * 28 + 22;
  const said = panels
    .map(
      (it) =>
        `${it.title}: ${it.figures.map(({ name, value }) => `${name} ${format(value)} ${it.unit}`).join(", ")}`,
    )
    .join(". ");
  return picture({ width, height, title, description: said }, [
    text(20, 30, title, "title"),
    names.map((name, row) => text(20, 92 + row * 28, name)),
    panels.map(({ title: head, unit, figures }, index) => {
      const x = gutter + index * panel;
      const values = figures.map(({ value }) => value);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const room = panel - 95;
      const length = (value) =>
        logarithmic
          ? 6 + (room - 6) * (Math.log(value / least) / (Math.log(most / least) || 1))
          : room * (value / most);
      return [
        text(x, 60, head, "small"),
        figures.map(({ name, value }, row) => {
          const size = Math.max(2, Math.round(length(value)));
          return [
            rect(x, 78 + row * 28, size, 18, isOurs(name) ? "bar" : "other"),
            text(x + size + 6, 92 + row * 28, `${format(value)} ${unit}`, "small"),
          ];
        }),
      ];
    }),
    text(20, height - 14, note + (logarithmic ? " Lengths are logarithmic." : ""), "small"),
  ]);
}

const isWplug = (name) => name.startsWith("wplug");

const readPage = () => readFileSync(page, "utf8");
const scaled = (figures, divisor) =>
  figures.map(({ name, value }) => ({ name, value: value / divisor }));

export const CHARTS = {
  "bench-codec.svg": () =>
    bars({
      title: "Messages of 19 fields, in a host",
      note: "Thousands of operations a second: more is better.",
      panels: ["request encode", "request decode"].map((name) => ({
        title: name,
        unit: "k/s",
        figures: scaled(
          column(readPage(), "library", name).filter((it) => !it.name.includes("wasm")),
          1000,
        ),
      })),
    }),
  "bench-calls.svg": () =>
    bars({
      title: "A call",
      note: "Microseconds: less is better.",
      logarithmic: true,
      panels: ["16 B", "65,000 B"].map((name) => ({
        title: `${name} there and back`,
        unit: "µs",
        figures: column(readPage(), "subject", name),
      })),
    }),
  "bench-interop.svg": () =>
    bars({
      title: "Hosts and plugins of wplug and of go-plugin",
      note: "Host, and language of the plugin. Less is better.",
      logarithmic: true,
      panels: [
        ["greeting", "µs"],
        ["19 fields", "µs"],
        ["load", "ms"],
      ].map(([name, unit]) => ({
        title: name,
        unit,
        figures: column(readPage(), "host", name, 2),
      })),
    }),
  "bench-languages.svg": () => {
    const record = Object.entries(readRecord());
    const panel = (title, unit, value) => ({
      title,
      unit,
      figures: record.map(([name, it]) => ({ name, value: value(it) })),
    });
    return bars({
      title: "The same greeter in each language",
      note: "Less is better.",
      logarithmic: true,
      panels: [
        panel("a call", "µs", (it) => it.call),
        panel("load", "ms", (it) => it.load),
        panel("wasm, gzip", "kB", (it) => it.gzip / 1000),
      ],
    });
  },
  "bench-limits.svg": () =>
    bars({
      title: "Code that can be stopped, times as it is",
      note: "Geometric means of seven kernels, metered as for a limit of time: 1 is no loss.",
      panels: ["Node 20", "Node 24"].map((title, part) => ({
        title,
        unit: "×",
        figures: column(readPage(), "language, Node 20 / 24", "geometric mean", 1, part),
      })),
    }),
  "bench-oci.svg": () =>
    pairedBars({
      title: "Plugins in registries",
      note: "Less is better.",
      pairs: pairsBelow(readPage(), "Registries"),
    }),
  "bench-remote.svg": () =>
    pairedBars({
      title: "A call of a plugin on another machine",
      note: "Less is better.",
      pairs: pairsBelow(readPage(), "Remote"),
    }),
  "bench-build.svg": () =>
    bars({
      title: "To build a plugin",
      note: "Milliseconds of a whole process: less is better.",
      isOurs: (name) => name.startsWith("nx build"),
      panels: ["with Nx's daemon", "without it"].map((title) => ({
        title,
        unit: "ms",
        figures: column(readPage(), "subject", title),
      })),
    }),
};
