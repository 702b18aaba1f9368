import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the page of the playground begins with: see playground/start.ts. */
export type PageStart =
  | { readonly name: string; readonly wasm: string }
  | { readonly name: string; readonly url: string; readonly events: string };

/** Where that is in the page. */
const START = /(<script type="application\/json" id="start">)[^<]*/;

/** The playground as one HTML file that opens a plugin. */
export async function playgroundPage(start: PageStart): Promise<string> {
  const page = await readFile(join(__dirname, "../../dist/playground/page.html"), "utf8");
  // A name of a file may have markup in it.
  const json = JSON.stringify(start).replaceAll("<", "\\u003c");
  return page.replace(START, (_, tag: string) => tag + json);
}
