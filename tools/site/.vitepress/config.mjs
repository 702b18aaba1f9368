/** VitePress's configuration. */
import { defineConfig } from "vitepress";

import { CACHE, OUT, PAGES_FOLDER, sidebar } from "../pages.mjs";
import { REFERENCE_PAGES } from "../reference.mjs";

/** The ids of headings, as GitHub makes them: links to them are the same in both. */
function slug(text) {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** What the search reads of a page. Of the reference, the headings of what is exported, or members would hide the guides. */
function searchable(source, env, markdown) {
  if (env.frontmatter?.search === false) return "";
  const html = markdown.render(source, env);
  if (env.frontmatter?.search === false) return "";
  if (!env.relativePath.startsWith("reference/")) return html;
  return html.replace(/<h([456])[^>]*>[^]*?<\/h\1>/g, "");
}

export default defineConfig({
  lang: "en",
  title: "wplug",
  description: "Plugins for TypeScript applications",
  srcDir: PAGES_FOLDER,
  outDir: OUT,
  cacheDir: CACHE,
  cleanUrls: false,
  lastUpdated: false,
  head: [["link", { rel: "icon", href: "data:," }]],
  // They are looked for in what is built, with their anchors.
  ignoreDeadLinks: true,
  markdown: {
    anchor: { slugify: slug },
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
  },
  themeConfig: {
    nav: [
      { text: "Getting started", link: "/getting-started" },
      { text: "Playground", link: "/playground" },
      { text: "Reference", link: "/reference/runtime" },
    ],
    sidebar: sidebar(REFERENCE_PAGES),
    outline: [2, 3],
    search: {
      provider: "local",
      options: {
        _render: searchable,
        miniSearch: {
          searchOptions: {
            // Who looks for a word wants to read of it; who looks for a name finds it in titles.
            boostDocument: (id) => (id.startsWith("/reference/") ? 0.2 : 1),
          },
        },
      },
    },
  },
});
