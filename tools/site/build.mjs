/** Builds the site into tmp/site/dist. */
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "vitepress";

import { PAGES_FOLDER, WORK } from "./pages.mjs";
import { buildExamples, writePlayground } from "./playground.mjs";
import { writeReference } from "./reference.mjs";
import { stagePages } from "./stage.mjs";

export async function buildSite() {
  rmSync(PAGES_FOLDER, { recursive: true, force: true });
  buildExamples();
  const links = await writePlayground(join(PAGES_FOLDER, "public/play"));
  stagePages(PAGES_FOLDER, new Map([["playground.md", links]]));
  await writeReference(join(PAGES_FOLDER, "reference"), join(WORK, "typedoc"));
  await build(dirname(fileURLToPath(import.meta.url)));
}
