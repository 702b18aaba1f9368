/**
 * Prints the text of the first element of a page that a selector finds, as soon as there is one, and fails if there is none
 * within half a minute: node show.mjs URL SELECTOR
 */
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";

const [url, selector] = process.argv.slice(2);
const programs = ["chromium", "chromium-browser", "google-chrome"].map((name) =>
  spawnSync("which", [name]).stdout.toString().trim(),
);

installOnce(dirname(fileURLToPath(import.meta.url)));
const { chromium } = await import("playwright-core");
const browser = await chromium.launch({
  executablePath: programs.find((path) => path !== ""),
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage();
  page.on("console", (message) => console.error(message.text()));
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(url);
  console.log(await page.locator(selector).first().textContent({ timeout: 30_000 }));
} finally {
  await browser.close();
}
