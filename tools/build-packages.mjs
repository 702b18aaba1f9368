/**
 * Compiles the packages into their dist folders. The packages cannot be built by Nx targets of this repository: Nx
 * loads wplug from its dist folder to know the project graph.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";

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

// The "imports" of the package itself, seen from dist/cjs.
const cjsImports = {
  runtime: {
    "#platform": { node: "./platform/node.js", default: "./platform/web.js" },
    "#oci": { node: "./oci/node.js", default: "./oci/web.js" },
    "#worker-program": { node: "./worker/program-node.js", default: "./worker/program-web.js" },
  },
};

// What runs in a worker, as one script in a string: so bundlers need not know of it, and no path has to be right.
async function writeWorkerPrograms(dist) {
  for (const platform of ["node", "web"]) {
    const { outputFiles } = await build({
      entryPoints: [join(dist, `esm/worker/main-${platform}.js`)],
      bundle: true,
      write: false,
      minify: true,
      format: platform === "node" ? "cjs" : "iife",
      platform: platform === "node" ? "node" : "browser",
      target: "es2022",
      conditions: [platform === "node" ? "node" : "browser"],
      // The host's thread gets plugins from registries. The client is a third of the program, which each thread reads.
      external: ["#oci"],
    });
    const program = JSON.stringify(outputFiles[0].text);
    const file = `worker/program-${platform}.js`;
    writeFileSync(join(dist, "esm", file), `export const program = ${program};\n`);
    writeFileSync(join(dist, "cjs", file), `exports.program = ${program};\n`);
  }
}

/**
 * Makes plain properties of the getters that tsc writes for what a module exports again. V8 puts an object with that many
 * getters into a dictionary, and generated code, which looks up a function there for each field, takes twice as long.
 */
function exportPlainly(file) {
  const text = readFileSync(file, "utf8")
    .replace(
      /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+\.\w+); \} \}\);$/gm,
      "exports.$1 = $2;",
    )
    // Of `export *`: what is exported by name is there already, and stays.
    .replace(/^var __createBinding = [^]*?\n\}\)\);$\n/m, "")
    .replace("__createBinding(exports, m, p)", "exports[p] = m[p]");
  if (text.includes("get: function")) throw new Error(`${file}: tsc writes exports in another way`);
  writeFileSync(file, text);
}

for (const name of ["runtime", "well-known-types"]) {
  rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true });
  compile(`packages/${name}/tsconfig.esm.json`);
  compile(`packages/${name}/tsconfig.cjs.json`);
  // The package itself is ESM; this folder is the copy for require(), and a package scope of its own: what the package
  // maps by "imports" has to be mapped here again.
  const cjs = { type: "commonjs", imports: cjsImports[name] };
  writeFileSync(
    join(root, "packages", name, "dist/cjs/package.json"),
    JSON.stringify(cjs, null, 2) + "\n",
  );
}
await writeWorkerPrograms(join(root, "packages/runtime/dist"));
for (const entry of ["index.js", "codegen.js"]) {
  exportPlainly(join(root, "packages/runtime/dist/cjs", entry));
}

rmSync(join(root, "packages/nx-wplug/dist"), { recursive: true, force: true });
compile("packages/nx-wplug/tsconfig.build.json");
// What tsc leaves out: schemas, plain JavaScript, the templates of generators and languages, and the engine of TypeScript.
const sources = join(root, "packages/nx-wplug/src");
for (const entry of readdirSync(sources, { recursive: true, withFileTypes: true })) {
  const path = relative(sources, join(entry.parentPath, entry.name));
  if (entry.isDirectory() && /^files|^engine$/.test(entry.name)) {
    cpSync(join(sources, path), join(root, "packages/nx-wplug/dist", path), { recursive: true });
  } else if (entry.isFile() && /^schema\.json$|\.mjs$/.test(entry.name)) {
    cpSync(join(sources, path), join(root, "packages/nx-wplug/dist", path));
  }
}

/** The playground is one file, which works from a disk and without a network. */
async function writePlayground() {
  const sources = join(root, "packages/nx-wplug/playground");
  const text = (name) => readFileSync(join(sources, name), "utf8");
  const { outputFiles } = await build({
    entryPoints: [join(sources, "main.tsx")],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
  });
  const { code } = await transform(text("style.css"), { loader: "css", minify: true });
  // Or a text in the program would end it: https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements
  const program = outputFiles[0].text.replace(/<(?=\/script|script|!--)/gi, "\\x3c");
  const page = text("page.html")
    .replace("/*STYLE*/", () => code.trim())
    .replace("/*PROGRAM*/", () => program);
  const folder = join(root, "packages/nx-wplug/dist/playground");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "page.html"), page);
}
await writePlayground();
