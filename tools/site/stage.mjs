/**
 * Lays the pages out as VitePress reads them: the files of the repository as they are, with links that lead to where the pages are
 * on the site. A file that is linked and is no page is shown as text.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path/posix";

import { PAGES, PICTURES, root } from "./pages.mjs";

/**
 * Writes all pages.
 *
 * @param {string} folder what VitePress reads
 * @param {Map<string, string>} inserts by the path of a page on the site, what stands there in place of `<!-- site -->`
 * @param {Map<string, string>} pages by their paths in the repository, those on the site
 * @throws Error that names the page and the link if one leads to no file
 */
export function stagePages(folder, inserts = new Map(), pages = PAGES) {
  const problems = [];
  for (const [source, target] of pages) {
    const text = readFileSync(join(root, source), "utf8");
    const staged = outsideOfCode(text, (prose) =>
      withPictures(prose).replace(
        /(\]\(|(?:src|srcset|href)=")([^)\s"]+)/g,
        (_, before, link) => before + siteLink(source, target, link, folder, problems),
      ),
    );
    write(join(folder, target), staged.replace("<!-- site -->", inserts.get(target) ?? ""));
  }
  if (problems.length > 0) throw new Error(`Links that lead nowhere:\n${problems.join("\n")}`);
  cpSync(join(root, PICTURES), join(folder, "pictures"), { recursive: true });
}

/** Changes what is not in blocks or spans of code. */
function outsideOfCode(text, change) {
  return text
    .split(/(^(?:```|~~~)[^]*?^(?:```|~~~)$|`[^`\n]+`)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join("");
}

/** The site has a switch of its own between the light and the dark, which `<picture>` knows nothing of. */
function withPictures(text) {
  return text.replace(
    /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img src="([^"]+)" alt="([^"]+)">\s*<\/picture>/g,
    (_, dark, light, alt) =>
      `<img class="only-light" src="${light}" alt="${alt}"><img class="only-dark" src="${dark}" alt="${alt}">`,
  );
}

function siteLink(source, target, link, folder, problems) {
  if (/^[a-z]+:/.test(link) || link.startsWith("#")) return link;
  const [path, anchor] = link.split("#");
  const file = normalize(join(dirname(source), path));
  const found = fileOf(file);
  if (found === undefined) {
    problems.push(`${source}: ${link}`);
    return link;
  }
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (PAGES.has(found)) return relativeTo(target, PAGES.get(found)) + hash;
  if (found.startsWith(`${PICTURES}/`)) return relativeTo(target, found.replace("docs/", ""));
  return `/${showSource(found, folder)}`;
}

/** The file that is meant: of a folder, its README or all files in it. */
function fileOf(path) {
  if (!existsSync(join(root, path))) return undefined;
  const readme = join(path, "README.md");
  return existsSync(join(root, readme)) ? readme : path;
}

function relativeTo(from, to) {
  const path = relative(dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

/** @returns its path on the site, without the ending */
function showSource(path, folder) {
  const target = `source/${path.replace(/\/$/, "")}`;
  const file = join(root, path);
  const isFolder = statSync(file).isDirectory();
  const body = isFolder
    ? `A folder of the repository.`
    : `\`\`\`\`\`${language(path)}\n${readFileSync(file, "utf8")}\n\`\`\`\`\``;
  write(
    join(folder, `${target}.md`),
    `---\nsearch: false\nprev: false\nnext: false\n---\n\n# \`${path}\`\n\n${body}\n`,
  );
  return target;
}

function language(path) {
  const ending = /\.(\w+)$/.exec(path)?.[1];
  return ["ts", "proto", "json", "c", "rs", "go"].includes(ending) ? ending : "text";
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
