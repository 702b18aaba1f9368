/**
 * Runs the AssemblyScript compiler in a worker thread: when the compiler crashes it calls process.exit(), which ends only
 * the thread. Plain JavaScript, so that it is the same file in the sources and when built.
 *
 * Gets an `AscJob` of run-asc.ts as a message, posts its `AscOutcome`, and then may get the next.
 */
import { readdir, readFile } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { parentPort } from "node:worker_threads";

import asc from "assemblyscript/asc";

/** @type {import("./run-asc").AscJob} */
let job;
/** What the compiler was given to read, by the path that it knows a source by. */
const sources = new Map();

// How the compiler reports its own crash, just before it exits.
console.error = (...text) => parentPort.postMessage({ crash: text.join(" ") });

parentPort.on("message", async (message) => {
  job = message;
  sources.clear();
  const diagnostics = [];
  let binary;
  const result = await asc.main(job.arguments, {
    readFile: readSource,
    listFiles,
    writeFile: (_name, contents) => {
      binary = contents;
    },
    reportDiagnostic: ({ category, code, message, range }) =>
      diagnostics.push({ category, code, message, place: range ? place(range) : undefined }),
  });
  parentPort.postMessage({ binary, diagnostics, failure: result.error?.message });
});

async function readSource(name, folder) {
  if (Object.hasOwn(job.virtualFiles, name)) {
    return remember(name, undefined, job.virtualFiles[name]);
  }
  const path = resolve(folder, name);
  const inPackage = afterNodeModules(path);
  const file = (inPackage && mapped(inPackage)) ?? path;
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return null;
  }
  if (inPackage) return remember(`~lib/${inPackage}`, file, text);
  // Files of a --lib folder are given with that folder, all others with the base folder.
  return folder === job.baseDir
    ? remember(relative(job.baseDir, path).split(sep).join("/"), file, text)
    : remember(`~lib/${name.split(sep).join("/")}`, file, text);
}

// The order of a folder differs between file systems, and the order of sources shows in the module.
async function listFiles(folder, baseDir) {
  const names = await readdir(isAbsolute(folder) ? folder : join(baseDir, folder));
  return names.filter((name) => /(?<!\.d)\.ts$/.test(name)).sort();
}

function remember(sourcePath, file, text) {
  sources.set(sourcePath, { file, text });
  return text;
}

/** `@org/pkg/file.ts` of a path in a node_modules folder. */
function afterNodeModules(path) {
  const parts = path.split(sep);
  const at = parts.lastIndexOf("node_modules");
  return at < 0 ? undefined : parts.slice(at + 1).join("/");
}

/** The file that an import means where the job says so, whether or not there is a node_modules folder. */
function mapped(inPackage) {
  for (const [specifier, folder] of job.packages) {
    if (inPackage === `${specifier}.ts`) return `${folder}.ts`;
    if (inPackage.startsWith(`${specifier}/`)) {
      return join(folder, inPackage.slice(specifier.length + 1));
    }
  }
  return undefined;
}

function place({ start, end, source }) {
  const sourcePath = source.normalizedPath;
  const library = asc.libraryFiles[sourcePath.replace(/^~lib\//, "").replace(/\.ts$/, "")];
  const { file, text } = sources.get(sourcePath) ?? { text: library };
  return { sourcePath, file, text, start, end };
}
