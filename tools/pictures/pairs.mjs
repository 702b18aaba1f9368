/** Pictures of comparisons: tables whose rows are called `ours : theirs` and have figures as `0.98 (1066 µs : 1089 µs)`. */
import { format } from "./format.mjs";
import { picture, rect, text } from "./svg.mjs";

/**
 * The comparisons in the tables below a heading: rows without two figures have none.
 *
 * @param {string} markdown
 * @param {string} heading that of the second level
 * @returns {{ unit: string, sides: { name: string, value: number }[] }[]}
 */
export function pairsBelow(markdown, heading) {
  const [, section] = markdown.split(new RegExp(`^## ${heading}$`, "m"));
  const pairs = (section ?? "")
    .split(/^## /m)[0]
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .flatMap(pairOf);
  if (pairs.length === 0) {
    throw new Error(`docs/benchmarks.md has no row with "(1 ms : 2 ms)" below "${heading}"`);
  }
  // "the same" is what the row before is about.
  pairs.forEach(({ sides: [ours] }, index) => {
    if (ours.name === "the same") ours.name = pairs[index - 1].sides[0].name;
  });
  return pairs;
}

function pairOf(row) {
  const figures = /\(([\d.,]+) (\S+) : ([\d.,]+) \2\)/.exec(row);
  const names = row.split("|")[1].trim().replaceAll("`", "").split(" : ");
  if (figures === null || names.length !== 2) return [];
  const [, ours, unit, theirs] = figures;
  const values = [ours, theirs].map((it) => Number.parseFloat(it.replaceAll(",", "")));
  return [{ unit, sides: names.map((name, side) => ({ name, value: values[side] })) }];
}

/**
 * Two bars for each comparison, to one scale within it.
 *
 * @param {{ title: string, note: string, pairs: ReturnType<typeof pairsBelow> }} chart
 */
export function pairedBars({ title, note, pairs }) {
  const width = 820;
  const gutter = 320;
  const room = width - gutter - 110;
  const step = 68;
  const height = 56 + pairs.length * step + 24;
  const said = pairs
    .map(({ unit, sides }) =>
      sides.map(({ name, value }) => `${name} ${format(value)} ${unit}`).join(", "),
    )
    .join(". ");
  return picture({ width, height, title, description: said }, [
    text(20, 30, title, "title"),
    pairs.map(({ unit, sides }, pair) => {
      const most = Math.max(...sides.map(({ value }) => value));
      return sides.map(({ name, value }, side) => {
        const y = 50 + pair * step + side * 26;
        const size = Math.max(2, Math.round((room * value) / most));
        return [
          text(20, y + 14, name),
          rect(gutter, y, size, 18, side === 0 ? "bar" : "other"),
          text(gutter + size + 6, y + 14, `${format(value)} ${unit}`, "small"),
        ];
      });
    }),
    text(20, height - 14, `${note} Each pair has a scale of its own.`, "small"),
  ]);
}
