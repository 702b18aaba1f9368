/**
 * Draws the pictures of docs/ that are SVG: `node tools/pictures/run.mjs`; with `--check` it says which ones are not what it would
 * draw, as after a change of the figures. `npm run bench -- pictures` is the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { CHARTS } from "./charts.mjs";
import { DIAGRAMS } from "./diagrams.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../docs/pictures");
const PICTURES = { ...DIAGRAMS, ...CHARTS };

export function pictures() {
  mkdirSync(folder, { recursive: true });
  for (const [name, draw] of Object.entries(PICTURES)) writeFileSync(join(folder, name), draw());
}

/** @returns {string[]} names of those that have to be drawn again */
export function oldPictures() {
  return Object.entries(PICTURES)
    .filter(([name, draw]) => {
      const path = join(folder, name);
      return !existsSync(path) || readFileSync(path, "utf8") !== draw();
    })
    .map(([name]) => name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--check")) {
    const old = oldPictures();
    for (const name of old) {
      console.error(
        `docs/pictures/${name} shows other figures: node tools/pictures/run.mjs draws it`,
      );
    }
    process.exitCode = old.length > 0 ? 1 : 0;
  } else pictures();
}
