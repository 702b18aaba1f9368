import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { root, work } from "./folders.mjs";

const require = createRequire(import.meta.url);
const wplug = (path) => require(join(root, "packages/nx-wplug/dist", path));

/**
 * The server that `nx g wplug:host --serve` makes, of the generator's own templates, for the contract of the example helloworld.
 *
 * @returns {Promise<{ server: string, plugin: string }>} absolute paths of the program and of the plugin that it serves
 */
export async function makeServer() {
  const nx = require.resolve("nx/bin/nx.js");
  const projects = "--projects=helloworld-plugin-morning";
  execFileSync(process.execPath, [nx, "run-many", "-t", "build", projects], { cwd: root });
  const folder = join(work, "server");
  rmSync(folder, { recursive: true, force: true });
  const { FsTree, flushChanges } = require("nx/src/generators/tree");
  const tree = new FsTree(folder, false);
  const templates = join(root, "packages/nx-wplug/dist/generators/host/files-server/src");
  wplug("workspace/add-files.js").addFiles(tree, templates, "src", {
    name: "scale-server",
    importPath: "@wplug-examples/helloworld-contract",
    service: { name: "Greeter", host: undefined },
  });
  flushChanges(folder, tree.listChanges());
  const server = join(folder, "main.mjs");
  await require("esbuild").build({
    absWorkingDir: folder,
    entryPoints: ["src/main.ts"],
    outfile: server,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@wplug/runtime", "@connectrpc/*", "@bufbuild/*"],
    logLevel: "warning",
  });
  const plugin = "examples/helloworld/plugin-morning/dist/helloworld-plugin-morning.wasm";
  return { server, plugin: join(root, plugin) };
}
