import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import ts from "typescript";

import type { GeneratedFile } from "../generated/generated-file";

/** What tsc says about generated files, under the settings that users may have. */
export function typeErrors(
  files: readonly GeneratedFile[],
  moreOptions: ts.CompilerOptions = {},
): string[] {
  const packageRoot = join(__dirname, "../..");
  mkdirSync(join(packageRoot, "tmp"), { recursive: true });
  const folder = mkdtempSync(join(packageRoot, "tmp/types-"));
  try {
    const paths = files.map(({ path, content }) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const program = ts.createProgram(paths, {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
      types: [],
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noFallthroughCasesInSwitch: true,
      noPropertyAccessFromIndexSignature: true,
      declaration: true,
      isolatedDeclarations: true,
      isolatedModules: true,
      verbatimModuleSyntax: true,
      ...moreOptions,
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
