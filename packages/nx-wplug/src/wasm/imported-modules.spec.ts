import { importedModules } from "./imported-modules";

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const text = (value: string) => [value.length, ...Buffer.from(value)];

/** A module with a custom section, and these imports: module, name, kind and type. */
const importing = (...imports: [string, string, ...number[]][]) => {
  const list = imports.flatMap(([from, name, ...type]) => [...text(from), ...text(name), ...type]);
  const section = [imports.length, ...list];
  return Uint8Array.from([...HEADER, 0, 2, ...text("x"), 2, section.length, ...section]);
};

describe("importedModules", () => {
  it("is empty for a module that imports nothing", () => {
    expect(importedModules(Uint8Array.from(HEADER))).toEqual(new Set());
    expect(importedModules(importing())).toEqual(new Set());
  });

  it("names each module once, whatever is imported from it", () => {
    const module = importing(
      ["functions", "f", 0, 0x80, 1],
      ["functions", "g", 0, 0],
      ["tables", "t", 1, 0x70, 1, 1, 0x80, 2],
      ["memories", "m", 2, 0, 1],
      ["memories", "n", 2, 1, 1, 2],
      ["globals", "g", 3, 0x7f, 0],
      ["tags", "t", 4, 0, 0],
      ["last", "f", 0, 0],
    );
    expect([...importedModules(module)]).toEqual([
      ...["functions", "tables", "memories", "globals", "tags", "last"],
    ]);
  });
});
