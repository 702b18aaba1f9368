import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

import { languageNames } from "./find-language";

const SOURCES = join(__dirname, "..");

// Tests choose a language; everything else asks the list.
const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.ts$/.test(path) && !/\.spec\.ts$|^(languages|testing)\//.test(path));

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** Places where code tells languages apart, as `line: text`. */
function findDistinctions(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const names = new Set(languageNames());
  const isName = (node: ts.Node): boolean =>
    (ts.isStringLiteralLike(node) && names.has(node.text)) ||
    (ts.isLiteralTypeNode(node) && isName(node.literal)) ||
    (ts.isPropertyAssignment(node) && names.has(node.name.getText().replaceAll('"', "")));
  // `typeof` asks whether it is a name at all, not which.
  const isLanguage = (node: ts.Node): boolean =>
    !ts.isTypeOfExpression(node) && /(^|\.)language(\.name)?$/.test(node.getText());
  const isDistinction = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind)) {
      const sides = [node.left, node.right];
      const isPresence = sides.some((side) => side.getText() === "undefined");
      return sides.some((side) => isName(side) || (isLanguage(side) && !isPresence));
    }
    if (ts.isSwitchStatement(node)) return isLanguage(node.expression);
    if (ts.isCaseClause(node)) return isName(node.expression);
    const members = ts.isArrayLiteralExpression(node)
      ? node.elements
      : ts.isUnionTypeNode(node)
        ? node.types
        : ts.isObjectLiteralExpression(node)
          ? node.properties
          : [];
    return [...members].filter(isName).length > 1;
  };
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isDistinction(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("what tells languages apart", () => {
  it.each([
    'if (config.language === "go") {}',
    "const same = language !== other;",
    'switch (name) { case "tinygo": }',
    "switch (config.language) {}",
    'const all = ["assemblyscript", "go"];',
    'type Language = "assemblyscript" | "go";',
    "const compilers = { go: 1, tinygo: 2 };",
  ])("is found: %s", (code) => {
    expect(findDistinctions("x.ts", code)).toHaveLength(1);
  });

  it.each([
    "if (options.language === undefined) {}",
    'if (typeof config.language !== "string") {}',
    'packages(["wplug", "assemblyscript"])',
    'const language = languageNamed(config.language); language.compile("go");',
  ])("is not: %s", (code) => {
    expect(findDistinctions("x.ts", code)).toEqual([]);
  });

  it("is nowhere but in the folders of the languages", () => {
    expect(files.length).toBeGreaterThan(80);
    const distinctions = files.flatMap((path) =>
      findDistinctions(path, readFileSync(join(SOURCES, path), "utf8")),
    );
    expect(distinctions).toEqual([]);
  });

  it("is not imported past the list either", () => {
    const imports = files.flatMap((path) => {
      const text = readFileSync(join(SOURCES, path), "utf8");
      return [...text.matchAll(/["'][./]*languages\/[^"'/]+\/[^"']*["']/g)].map(
        ([module]) => `${path}: ${module}`,
      );
    });
    expect(imports).toEqual([]);
  });
});
