/** What is wrong in a built site: links that lead nowhere, and what would be fetched from elsewhere. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} folder a built site
 * @returns {string[]} a line for each link to a page, a heading or a file that is not there
 */
export function deadLinks(folder) {
  const files = filesIn(folder);
  const pages = new Map(
    files
      .filter((path) => path.endsWith(".html") && !path.startsWith("play/"))
      .map((path) => [path, readPage(join(folder, path))]),
  );
  const known = new Set(files);
  const problems = new Set();
  for (const [path, { links }] of pages) {
    for (const link of links) {
      if (/^(?:https?|data|mailto):/.test(link)) continue;
      const url = new URL(link, `http://site/${path}`);
      const target = fileOf(decodeURIComponent(url.pathname), known);
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (target === undefined) problems.add(`${path}: ${link}: no such page`);
      else if (anchor !== "" && pages.get(target)?.ids.has(anchor) === false) {
        problems.add(`${path}: ${link}: no such heading`);
      }
    }
  }
  return [...problems];
}

// VitePress has it in its theme for links to social networks whose icons it does not know; the site has no such links.
const NEVER_LOADED = "https://api.iconify.design/";

/**
 * @param {string} folder a built site
 * @returns {string[]} a line for each address of another server that a page, a style or a script would load from
 */
export function foreignAddresses(folder) {
  const patterns = [
    // Elements that load, unlike links that are clicked.
    /<(?:script|img|iframe|source|video|audio|embed|object|input)\b[^>]*?\s(?:src|srcset|data)="((?:https?:)?\/\/[^"]+)"/g,
    /<link\b[^>]*?\shref="((?:https?:)?\/\/[^"]+)"/g,
    /url\(\s*["']?((?:https?:)?\/\/[^"')]+)/g,
    /@import\s+["']((?:https?:)?\/\/[^"']+)/g,
    /\b(?:import|fetch|Worker|EventSource|importScripts)\(\s*["'`]((?:https?:)?\/\/[^"'`]+)/g,
    /\bfrom\s*["']((?:https?:)?\/\/[^"']+)/g,
  ];
  return filesIn(folder)
    .filter((path) => /\.(?:html|css|m?js|svg)$/.test(path))
    .flatMap((path) => {
      // Examples of code in a page are text, where quotes are escaped or the tags are.
      const text = readFileSync(join(folder, path), "utf8");
      return patterns.flatMap((pattern) =>
        Array.from(text.matchAll(pattern), ([, address]) => address)
          .filter((address) => !address.startsWith(NEVER_LOADED))
          .map((address) => `${path}: ${address}`),
      );
    });
}

/**
 * @param {string} folder a built site
 * @returns {string[]} a line for each picture that says nothing to those who don't see it
 */
export function picturesWithoutText(folder) {
  return filesIn(folder)
    .filter((path) => path.endsWith(".html") && !path.startsWith("play/"))
    .flatMap((path) =>
      Array.from(readFileSync(join(folder, path), "utf8").matchAll(/<img\b[^>]*>/g), ([tag]) => tag)
        .filter((tag) => !/\salt="[^"]+"/.test(tag))
        .map((tag) => `${path}: ${tag}`),
    );
}

function readPage(path) {
  const html = readFileSync(path, "utf8");
  const all = (pattern) => Array.from(html.matchAll(pattern), ([, value]) => unescape(value));
  return { links: all(/\s(?:href|src)="([^"]+)"/g), ids: new Set(all(/\sid="([^"]+)"/g)) };
}

function unescape(text) {
  return text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** The file that a server answers a path with. */
function fileOf(path, known) {
  const name = path.slice(1);
  return [name, `${name}.html`, `${name}index.html`].find((it) => known.has(it));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => join(it.parentPath ?? it.path, it.name).slice(folder.length + 1));
}
