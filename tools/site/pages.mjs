/** Which files of the repository are pages of the site, where they are there, and what its sidebar lists. */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

export const WORK = join(root, "tmp/site");
/** What VitePress reads, what it writes, and what it keeps. */
export const PAGES_FOLDER = join(WORK, "pages");
export const OUT = join(WORK, "dist");
export const CACHE = join(WORK, "cache");

const namesIn = (folder) => readdirSync(join(root, folder)).sort();

/** Paths in the repository, each with that on the site. */
export const PAGES = new Map([
  ["README.md", "index.md"],
  ["CONTRIBUTING.md", "contributing.md"],
  ...namesIn("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => [`docs/${name}`, name]),
  ...["runtime", "well-known-types", "nx-wplug"].map((name) => [
    `packages/${name}/README.md`,
    `packages/${name}.md`,
  ]),
  ...namesIn("examples").map((name) => [`examples/${name}/README.md`, `examples/${name}.md`]),
]);

/** What else is copied: pictures of pages. */
export const PICTURES = "docs/pictures";

const link = (text, path) => ({ text, link: `/${path}` });
const group = (text, items, collapsed) => ({ text, items, collapsed });

/** @param {readonly { name: string, path: string }[]} reference pages of the API reference */
export function sidebar(reference) {
  return [
    group("Begin", [
      link("What it is", ""),
      link("Getting started", "getting-started"),
      link("Coming from elsewhere", "faq"),
      link("Playground", "playground"),
    ]),
    group("Guides", [
      link("Functions of the host", "packages/runtime#functions-of-the-host"),
      link("Files", "packages/runtime#files"),
      link("Isolation", "packages/runtime#isolation"),
      link("Limits", "packages/runtime#limits"),
      link("Pools", "packages/runtime#pools"),
      link("Messages", "packages/runtime#messages"),
      link("Errors", "packages/runtime#errors"),
      link("Node, Deno, Bun, browsers", "packages/runtime#engines"),
      link("Well-known types", "well-known-types"),
      link("The package of those", "packages/well-known-types"),
      link("Plugins of old versions", "packages/runtime#plugins-of-old-versions"),
      link("Plugins on other machines", "remote"),
      link("More than one server", "scale"),
      link("Watching plugins", "observability"),
      link("Registries", "distribution"),
      link("Security", "security"),
    ]),
    group("In an Nx workspace", [
      link("Projects, targets, tags", "nx"),
      link("Handshake", "nx#do-they-fit-together-handshake"),
      link("Versions", "nx#versions-check-version-bump-version"),
      link("Publishing", "nx#publishing"),
      link("In an editor", "nx#in-an-editor"),
      link("Hosts in a browser", "nx#hosts-in-a-browser"),
      link("Generators", "packages/nx-wplug"),
    ]),
    group("Languages", [
      link("Beside each other", "languages"),
      link("TypeScript", "typescript"),
      link("Go", "go"),
      link("Rust", "rust"),
    ]),
    group(
      "Examples",
      namesIn("examples").map((name) => link(name, `examples/${name}`)),
      true,
    ),
    group("Reference", [
      link("ABI", "abi"),
      ...reference.map(({ name, path }) => link(name, `reference/${path}`)),
    ]),
    group("Background", [
      link("Architecture", "architecture"),
      link("Rationale", "rationale"),
      link("Benchmarks", "benchmarks"),
      link("Contributing", "contributing"),
    ]),
  ];
}
