/**
 * Prints the text of the first element of a page that a selector finds, as soon as there is one, and fails if there is none
 * within half a minute: node show.mjs URL SELECTOR
 */
import { startChromium } from "./chromium.mjs";

const [url, selector] = process.argv.slice(2);
const browser = await startChromium();
try {
  const page = await browser.newPage();
  page.on("console", (message) => console.error(message.text()));
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(url);
  console.log(await page.locator(selector).first().textContent({ timeout: 30_000 }));
} finally {
  await browser.close();
}
