/** Builds the site, and uses it in headless Chromium without a network: `node tools/site/run.mjs`. */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromiumPath, startChromium } from "../browser/chromium.mjs";
import { installOnce } from "../install.mjs";
import { deadLinks, foreignAddresses, picturesWithoutText } from "./check.mjs";
import { column } from "../pictures/charts.mjs";
import { pairsBelow } from "../pictures/pairs.mjs";
import { oldPictures } from "../pictures/run.mjs";
import { OUT, PAGES, root, sidebar, WORK } from "./pages.mjs";
import { examplePlugins } from "./playground.mjs";
import { unknownBlocks, unknownNames } from "./quotes.mjs";
import { serveFolder } from "./serve.mjs";
import { stagePages } from "./stage.mjs";

installOnce(fileURLToPath(new URL(".", import.meta.url)));
const { buildSite } = await import("./build.mjs");
const { REFERENCE_PAGES } = await import("./reference.mjs");

/** Whether there is nothing in a list, which is printed otherwise. */
function isEmpty(list) {
  for (const line of list) console.log(`  ${line}`);
  return list.length === 0;
}

function messageOf(run) {
  try {
    run();
  } catch (error) {
    return error.message;
  }
  return "";
}

/** A small site with one page. */
function siteOf(html) {
  const folder = join(WORK, "broken");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.html"), html);
  return folder;
}

const tests = {
  "has no links that lead nowhere": () => isEmpty(deadLinks(OUT)),
  "lists every page": () => {
    const listed = sidebar(REFERENCE_PAGES)
      .flatMap(({ items }) => items)
      .map(({ link }) => link.slice(1).replace(/#.*/, "") || "index");
    const pages = [...PAGES.values()].map((path) => path.replace(/\.md$/, ""));
    return isEmpty(pages.filter((path) => !listed.includes(path)));
  },
  "has nothing that is fetched from elsewhere": () => isEmpty(foreignAddresses(OUT)),
  "has pictures of the figures that its tables have": () => isEmpty(oldPictures()),
  "has words for every picture": () => isEmpty(picturesWithoutText(OUT)),
  "takes figures of tables, and says which are none": () => {
    const table = "| a | b |\n| - | - |\n| x | 1,234.5 (2×) |\n| y | none |\n";
    const problems = [() => column(table, "a", "b"), () => column(table, "a", "c")].map(messageOf);
    const [figure] = column(table.replace("none", "2"), "a", "b");
    return (
      figure.value === 1234.5 &&
      problems[0].endsWith('"none" of y is no number') &&
      problems[1].endsWith('no table "a" with a column "c"')
    );
  },
  "takes pairs of figures of the tables below a heading, and says if there are none": () => {
    const rows =
      "| `a` : b | 1.0 | 0.5 (1,000 µs : 2 µs) |\n| the same : c | | 2 (4 ms : 2 ms) |\n";
    const [first, second] = pairsBelow(`## Other\n\n## This\n\n${rows}| d | 0 | 0 |\n`, "This");
    return (
      JSON.stringify(first) ===
        '{"unit":"µs","sides":[{"name":"a","value":1000},{"name":"b","value":2}]}' &&
      second.sides[0].name === "a" &&
      messageOf(() => pairsBelow(rows, "This")).endsWith('no row with "(1 ms : 2 ms)" below "This"')
    );
  },
  "begins with commands that other pages have": () => isEmpty(unknownBlocks()),
  "calls things as other pages do": () => isEmpty(unknownNames()),
  "would say which commands and names no other page has": () =>
    [
      ...unknownBlocks("```sh\nnpx nx g wplug:none # nothing\n```\n"),
      ...unknownNames("| a | `noSuchThing` |\n"),
    ].join() ===
    'docs/getting-started.md: no other page has "npx nx g wplug:none",docs/faq.md: no other page has "noSuchThing"',
  "would say which links lead nowhere": () => {
    const dead = deadLinks(
      siteOf('<h1 id="here"></h1> <a href="/none.html"> <a href="#there"> <a href="/#here">'),
    );
    return (
      dead.join("; ") ===
      "index.html: /none.html: no such page; index.html: #there: no such heading"
    );
  },
  "is not built if a page has a link to a file that is not there": async () => {
    const folder = siteOf("");
    writeFileSync(join(folder, "page.md"), "[a](none.md), `[b](none.md)`\n\n[c](index.html)\n");
    const path = join(folder, "page.md").slice(root.length + 1);
    const pages = new Map([[path, "page.md"]]);
    const message = messageOf(() => stagePages(join(folder, "staged"), new Map(), pages));
    return message === `Links that lead nowhere:\n${path}: none.md`;
  },
  "would say what is fetched from elsewhere": () =>
    foreignAddresses(
      siteOf(
        '<script src="//a.example/a.js"></script> <link rel="x" href="https://b.example"> <a href="https://c.example">',
      ),
    ).join("; ") === "index.html: //a.example/a.js; index.html: https://b.example",
};

/** What a reader does. */
const inBrowser = {
  "finds a word by its search": async ({ page, url }) => {
    await page.goto(url);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("searchbox").fill("symbolic link");
    await page.getByRole("option").filter({ hasText: "Files" }).first().click();
    await page.getByRole("heading", { name: "Files" }).waitFor();
    return /\/packages\/runtime\.html#files$/.test(page.url());
  },
  "shows every page of its sidebar without an error": async ({ page, url }) => {
    const links = sidebar(REFERENCE_PAGES).flatMap(({ items }) => items.map(({ link }) => link));
    const bad = [];
    for (const path of new Set(links.map((link) => link.replace(/#.*/, "")))) {
      const response = await page.goto(`${url}${path === "/" ? "/" : `${path}.html`}`);
      if (!response.ok() || (await page.locator("main h1").count()) !== 1) bad.push(path);
    }
    return isEmpty(bad);
  },
  "shows pictures in the colours of the page": async ({ page, url }) => {
    const colours = [];
    for (const appearance of ["light", "dark"]) {
      await page.goto(`${url}/security.html`);
      await page.evaluate(
        (it) => globalThis.localStorage.setItem("vitepress-theme-appearance", it),
        appearance,
      );
      await page.reload();
      const image = page.locator("main img").first();
      await image.evaluate((it) => it.decode());
      // The corner of the picture, as it is on the screen.
      const { x, y } = await image.boundingBox();
      const clip = { x: x + 6, y: y + 6, width: 8, height: 8 };
      colours.push((await page.screenshot({ clip, fullPage: true })).toString("base64"));
    }
    return colours[0] !== colours[1];
  },
  "is dark and light": async ({ page, url }) => {
    await page.goto(`${url}/playground.html`);
    const background = () =>
      page.evaluate(() => globalThis.getComputedStyle(globalThis.document.body).backgroundColor);
    const pictures = () => page.locator("main img:visible").getAttribute("src");
    const light = [await background(), await pictures()];
    await page.getByRole("switch", { name: /dark/i }).first().click();
    await page.waitForFunction(() => globalThis.document.documentElement.matches(".dark"));
    await page.waitForTimeout(500);
    const dark = [await background(), await pictures()];
    console.log(`  ${light} : ${dark}`);
    return light[0] !== dark[0] && light[1].includes("light") && dark[1].includes("dark");
  },
  "has the playground, with an example that answers": async ({ page, url }) => {
    await page.goto(`${url}/playground.html`);
    await page.getByRole("link", { name: "helloworld-morning" }).click();
    await page.getByText("helloworld-plugin-morning.wasm is open.").waitFor();
    await page.getByLabel("name", { exact: true }).fill("reader");
    await page.getByRole("button", { name: "Call SayHello" }).click();
    const answer = page.getByRole("region", { name: "Answer" });
    await answer.getByText("Good morning, reader").first().waitFor();
    return true;
  },
  "has a playground with each of the examples": async ({ page, url }) => {
    await page.goto(`${url}/playground.html`);
    const links = page.locator("main a[href^='/play/']:not([href$='index.html'])");
    const paths = await links.evaluateAll((all) => all.map((it) => it.getAttribute("href")));
    for (const path of paths) {
      await page.goto(url + path);
      await page.getByText(".wasm is open.").waitFor();
    }
    return paths.length === examplePlugins().length;
  },
  "fits a narrow screen": async ({ page, url }) => {
    await page.setViewportSize({ width: 360, height: 640 });
    const wide = [];
    for (const path of ["/", "/security.html", "/benchmarks.html", "/faq.html"]) {
      await page.goto(url + path);
      const width = await page.evaluate(() => globalThis.document.documentElement.scrollWidth);
      if (width > 360) wide.push(`${path}: ${width} pixels`);
    }
    return isEmpty(wide);
  },
};

async function runInBrowser(counts) {
  if (chromiumPath === undefined) {
    counts.notRun.push("the site in a browser: there is no Chromium on the PATH");
    return;
  }
  const server = await serveFolder(OUT, 0);
  const browser = await startChromium();
  try {
    for (const [name, run] of Object.entries(inBrowser)) {
      const problems = [];
      const page = await browser.newPage({ colorScheme: "light" });
      page.setDefaultTimeout(20_000);
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.context().route("**", (route) => {
        const address = route.request().url();
        if (address.startsWith(server.url) || /^(?:blob|data):/.test(address)) {
          return route.continue();
        }
        problems.push(`it asked for ${address}`);
        return route.abort();
      });
      const test = () => run({ page, url: server.url });
      await count(counts, name, async () => (await test()) && isEmpty(problems));
      await page.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
}

async function count(counts, name, run) {
  let ok = false;
  try {
    ok = await run();
  } catch (error) {
    console.log(error);
  }
  counts[ok ? "passed" : "failed"]++;
  console.log(`${ok ? "✓" : "✕"} ${name}`);
}

const counts = { passed: 0, failed: 0, skipped: 0, notRun: [] };
await count(counts, "is built, with a reference without a warning", async () => {
  await buildSite();
  return true;
});
if (counts.failed === 0) {
  for (const [name, run] of Object.entries(tests)) await count(counts, name, run);
  await runInBrowser(counts);
}
const { WPLUG_TEST_COUNTS: countsFile } = process.env;
if (countsFile !== undefined) appendFileSync(countsFile, JSON.stringify(counts) + "\n");
console.log(`site: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
