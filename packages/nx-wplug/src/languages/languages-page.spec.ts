import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { LANGUAGES } from ".";

const ROOT = join(__dirname, "../../../..");

describe("the page about languages", () => {
  it("has the figures that the benchmark has recorded", () => {
    const program = join(ROOT, "tools/bench/languages/table.mjs");
    const { status, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("has a row for every language, in both tables", () => {
    const page = readFileSync(join(ROOT, "docs/languages.md"), "utf8");
    const rows = Array.from(page.matchAll(/^\| (\w+) +\|/gm), ([, title = ""]) =>
      title.toLowerCase(),
    );
    const expected = [...LANGUAGES.map(({ name }) => name), "c"].sort();
    expect(rows.sort()).toEqual([...expected, ...expected].sort());
  });
});
