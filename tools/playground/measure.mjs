/** What the page promises, which the suite tests and the benchmark measures: bytes compressed, and milliseconds. */
export const MOST = { gzip: 150_000, open: 1000, key: 50 };

/**
 * Gives the page a file.
 *
 * @returns {Promise<number>} milliseconds until it says that the file is open
 */
export async function openFile(page, path) {
  await page.evaluate(() => {
    const { document, performance } = globalThis;
    document.addEventListener("change", () => (globalThis.chosenAt = performance.now()), true);
  });
  await page.setInputFiles("#file", path);
  const time = await page.waitForFunction(() => {
    const { document, performance, chosenAt } = globalThis;
    const status = document.querySelector("[role=status]");
    return status.textContent.includes("is open") && performance.now() - chosenAt;
  });
  return time.jsonValue();
}

export const LARGE_TEXT = "twenty characters ok";

/**
 * Types LARGE_TEXT into the last field of the form of 500, which is shown.
 *
 * @returns {Promise<number>} milliseconds a key, with what Playwright takes
 */
export async function typeInLargeForm(page) {
  const field = page.getByLabel("f500", { exact: true });
  await field.fill("");
  const start = performance.now();
  await field.pressSequentially(LARGE_TEXT);
  return (performance.now() - start) / LARGE_TEXT.length;
}
