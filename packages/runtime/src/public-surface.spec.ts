import { join } from "node:path";

import { createProgram, displayPartsToString, type Symbol } from "typescript";

import * as codegen from "./codegen.js";
import * as root from "./index.js";

const TYPES = join(__dirname, "../dist/esm");

/** The exports of a built entry, as TypeScript and editors see them, with their doc comments. */
function publicNames(entry: string): ReadonlyMap<string, string> {
  const file = join(TYPES, entry);
  const program = createProgram([file], { skipLibCheck: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${file} is no module: build the packages first`);
  const resolved = (symbol: Symbol): Symbol => {
    const isAlias = (symbol.flags & 2097152) !== 0; // SymbolFlags.Alias, which swc can't inline
    return isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  };
  return new Map(
    checker
      .getExportsOfModule(module)
      .map((symbol) => [
        symbol.name,
        displayPartsToString(resolved(symbol).getDocumentationComment(checker)),
      ]),
  );
}

describe("the root of the package", () => {
  it("offers what applications call, each name with a doc comment", () => {
    const names = publicNames("index.d.ts");
    expect([...names].filter(([, comment]) => comment === "")).toEqual([]);
    expect(names.has("PluginModule")).toBe(true);
    expect(names.has("readSfixed32")).toBe(false);
    expect(names.has("encodeMessage")).toBe(false);
    expect(names.size).toBeLessThanOrEqual(78);
  });

  it("goes on working for SDKs of wplug 0.1.0, which import from it what generated code calls", () => {
    for (const [name, value] of Object.entries(codegen)) expect(root).toHaveProperty(name, value);
  });
});
