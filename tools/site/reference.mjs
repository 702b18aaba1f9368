/**
 * The API reference: Markdown of the doc comments in the built packages, written by TypeDoc. Built ones, as users see those: without
 * what is `@internal`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { Application } from "typedoc";

import { root } from "./pages.mjs";

/** What is imported from where, by package: an entry and its types. */
const PACKAGES = {
  runtime: {
    "@wplug/runtime": "dist/esm/index.d.ts",
    "@wplug/runtime/node": "dist/esm/node.d.ts",
    "@wplug/runtime/connect": "dist/esm/connect.d.ts",
    "@wplug/runtime/oci": "dist/esm/oci.d.ts",
    "@wplug/runtime/plugin": "dist/esm/plugin/index.d.ts",
  },
  "well-known-types": { "@wplug/well-known-types": "dist/esm/index.d.ts" },
  "nx-wplug": {
    "wplug/testing": "dist/jest/built-plugins.d.ts",
    "wplug/vite": "dist/vite/index.d.ts",
  },
};

/** What generated code and the runtime hand to each other: named in types that applications see, and not for them. */
const NOT_FOR_APPLICATIONS = {
  runtime: [
    "FieldInit",
    "HandshakeService",
    "HostFunctionName",
    "LoadedPlugin",
    "OpenAny",
    "PluginLoader",
    "Reader",
    "Rewriting",
    "ServiceDescriptor",
    "Writer",
  ],
  // As much of Vite as is needed of it.
  "nx-wplug": ["ViteConfig", "ViteServer"],
};

/** Every page, by its path below the folder of the reference: `runtime-node`. */
export const REFERENCE_PAGES = Object.values(PACKAGES).flatMap((entries) =>
  Object.keys(entries).map((name) => ({ name, path: pathOf(name) })),
);

function pathOf(name) {
  return name.replace("@wplug/", "").replaceAll("/", "-");
}

/**
 * Writes the pages into a folder.
 *
 * @param {string} work a folder for what TypeDoc writes
 * @throws Error if something is wrong in a comment, such as a link that leads nowhere, or a type that is used is not exported
 */
export async function writeReference(folder, work) {
  mkdirSync(folder, { recursive: true });
  mkdirSync(work, { recursive: true });
  for (const [name, entries] of Object.entries(PACKAGES)) {
    await writePackage(join(root, "packages", name), entries, work);
    const paths = Object.keys(entries);
    for (const entry of paths) {
      const file = paths.length > 1 ? `${pathOf(entry)}.md` : "README.md";
      // Comments of Google's protos have headings in them, which would be those of a page.
      const text = readFileSync(join(work, name, file), "utf8").replace(/^# (.+)$/gm, "**$1**");
      writeFileSync(join(folder, `${pathOf(entry)}.md`), `# \`${entry}\`\n\n${text}`);
    }
  }
}

async function writePackage(packageFolder, entries, folder) {
  // Each package by itself: TypeDoc looks for exports that are missing in the package of the tsconfig alone.
  const tsconfig = join(folder, `${basename(packageFolder)}.tsconfig.json`);
  const files = Object.values(entries).map((path) => join(packageFolder, path));
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(root, "tsconfig.base.json"),
      compilerOptions: {
        noEmit: true,
        types: ["node"],
        typeRoots: [join(root, "node_modules/@types")],
      },
      files,
    }),
  );
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: files,
    tsconfig,
    out: join(folder, basename(packageFolder)),
    basePath: packageFolder,
    readme: "none",
    logLevel: "Warn",
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    disableGit: true,
    treatWarningsAsErrors: true,
    intentionallyNotExported: NOT_FOR_APPLICATIONS[basename(packageFolder)] ?? [],
    validation: { notExported: true, invalidLink: true, rewrittenLink: true },
    router: "module",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hidePageTitle: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    typeDeclarationFormat: "table",
    enumMembersFormat: "table",
    propertyMembersFormat: "table",
    classPropertiesFormat: "table",
  });
  const project = await app.convert();
  if (project === undefined) throw new Error(`${packageFolder}: TypeDoc could not read it`);
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error(`${packageFolder}: TypeDoc found what it lists above`);
  }
  const names = Object.keys(entries);
  // A package with one entry is a page by itself.
  if (names.length > 1) {
    const byFile = new Map(
      Object.entries(entries).map(([name, path]) => [moduleOf(path), pathOf(name)]),
    );
    for (const child of project.children ?? []) child.name = byFile.get(child.name) ?? child.name;
  }
  await app.generateOutputs(project);
}

/** What TypeDoc calls the module of a file: without its ending, and its folder alone if it is an index. */
function moduleOf(path) {
  return path.replace(/(\/index)?\.d\.ts$/, "");
}
