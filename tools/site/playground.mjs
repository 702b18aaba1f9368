/** The playground of the site: the page that plugins get, with the examples' plugins beside it. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { root } from "./pages.mjs";

const nx = createRequire(join(root, "package.json")).resolve("nx/bin/nx.js");

/** Every plugin of the examples: what it is called on the site, and where it is built. */
export function examplePlugins() {
  return readdirSync(join(root, "examples"))
    .sort()
    .flatMap((example) =>
      readdirSync(join(root, "examples", example))
        .filter((name) => /^plugin(-|$)/.test(name))
        .map((name) => {
          const folder = join(root, "examples", example, name);
          const project = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
          const id = name.replace("plugin", example);
          return { id, example, project: project.nx?.name ?? project.name, folder };
        }),
    );
}

/** Builds them, or takes them from Nx's cache. */
export function buildExamples() {
  const projects = examplePlugins().map(({ project }) => project);
  execFileSync(process.execPath, [nx, "run-many", "-t", "build", `--projects=${projects}`], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: { NX_DAEMON: "false", NX_CACHE_DIRECTORY: join(root, "tmp/nx-cache"), ...process.env },
  });
}

/**
 * Writes the playground, and a page of it with each of the built examples in it.
 *
 * @returns links to them, as Markdown
 */
export async function writePlayground(folder) {
  const { playgroundPage } = createRequire(join(root, "packages/nx-wplug/package.json"))(
    join(root, "packages/nx-wplug/dist/inspection/write-page.js"),
  );
  mkdirSync(folder, { recursive: true });
  const links = [];
  for (const { id, example, project, folder: source } of examplePlugins()) {
    const wasm = readFileSync(join(source, "dist", `${project}.wasm`)).toString("base64");
    writeFileSync(
      join(folder, `${id}.html`),
      await playgroundPage({ name: `${project}.wasm`, wasm }),
    );
    links.push(
      `- <a href="/play/${id}.html" target="_self">${id}</a>, [what it is](./examples/${example}.md)`,
    );
  }
  copyFileSync(
    join(root, "packages/nx-wplug/dist/playground/page.html"),
    join(folder, "index.html"),
  );
  return [
    `Here it is, <a href="/play/index.html" target="_self">for a plugin of yours</a>, or with one of the examples in it:`,
    "",
    ...links,
  ].join("\n");
}
