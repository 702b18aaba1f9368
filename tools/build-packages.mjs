/**
 * Compiles the packages into their dist folders. The packages cannot be built by Nx targets of this repository: Nx
 * loads wplug from its dist folder to know the project graph.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

function compile(project) {
  try {
    execFileSync(process.execPath, [tsc, "-p", join(root, project)], {
      stdio: "inherit",
      cwd: root,
    });
  } catch {
    process.exit(1);
  }
}

const platformImports = {
  runtime: { "#platform": { node: "./platform/node.js", default: "./platform/web.js" } },
};

for (const name of ["runtime", "well-known-types"]) {
  rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true });
  compile(`packages/${name}/tsconfig.esm.json`);
  compile(`packages/${name}/tsconfig.cjs.json`);
  // The package itself is ESM; this folder is the copy for require(), and a package scope of its own: what the package
  // maps by "imports" has to be mapped here again.
  const cjs = { type: "commonjs", imports: platformImports[name] };
  writeFileSync(
    join(root, "packages", name, "dist/cjs/package.json"),
    JSON.stringify(cjs, null, 2) + "\n",
  );
}

rmSync(join(root, "packages/nx-wplug/dist"), { recursive: true, force: true });
compile("packages/nx-wplug/tsconfig.build.json");
// What tsc leaves out: schemas, plain JavaScript and the templates of the generators.
const sources = join(root, "packages/nx-wplug/src");
for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
  const path = relative(sources, join(entry.parentPath, entry.name));
  if (entry.isDirectory() && /^files/.test(entry.name)) {
    cpSync(join(sources, path), join(root, "packages/nx-wplug/dist", path), { recursive: true });
  } else if (entry.isFile() && /^schema\.json$|\.mjs$/.test(entry.name)) {
    cpSync(join(sources, path), join(root, "packages/nx-wplug/dist", path));
  }
}
