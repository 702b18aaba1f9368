import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

/** Packages that are loaded with a module: by it, or by a module that it imports. `import()` loads later. */
function packagesLoadedBy(entry: string): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const load = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
    for (const statement of source.statements) {
      const module = loadedModule(statement);
      if (module === undefined || module.startsWith("node:")) continue;
      if (module.startsWith(".")) load(fileOf(join(path, "..", module)));
      else packages.add(module);
    }
  };
  load(join(__dirname, entry));
  return [...packages].sort();
}

function loadedModule(statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return undefined;
  const isErased = ts.isImportDeclaration(statement)
    ? isTypeOnly(statement.importClause)
    : statement.isTypeOnly;
  return isErased ? undefined : moduleSpecifier.text;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  const { namedBindings } = clause;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return (
    clause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function fileOf(module: string): string {
  const files = [`${module}.ts`, join(module, "index.ts")];
  return files.find((file) => existsSync(file)) ?? module;
}

// Without its daemon Nx loads the plugin for every command.
it("loads no package to compute the project graph", () => {
  expect(packagesLoadedBy("index.ts")).toEqual([]);
});

it.each(["bump-version", "contract", "host", "init", "plugin", "publishable", "sync"])(
  "loads no compiler and no emitter to run the generator %s",
  (name) => {
    const heavy = /^(assemblyscript|esbuild|ts-morph|typescript)\b/;
    const packages = packagesLoadedBy(`generators/${name}/generator.ts`);
    expect(packages).toContain("@nx/devkit");
    expect(packages.filter((it) => heavy.test(it))).toEqual([]);
  },
);
