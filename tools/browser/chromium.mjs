import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";

/** Absolute path of the Chromium on the PATH; undefined if there is none. */
export const chromiumPath = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name]).stdout.toString().trim())
  .find((path) => path !== "");

/** Starts it, driven by Playwright, which is installed first where it is not. */
export async function startChromium() {
  installOnce(dirname(fileURLToPath(import.meta.url)));
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}
