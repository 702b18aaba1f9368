import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { hasOciRegistry, startOciRegistry, type OciRegistry } from "./oci-registry.js";
import { codeBlocksUnder, type CodeBlock } from "./readme.js";
import { repositoryRoot } from "./repository.js";
import { runOk } from "./run.js";

/** Blocks of a page of the repository under some of its headings. */
function blocksOf(page: string, ...titles: readonly string[]): (CodeBlock & { name: string })[] {
  const text = readFileSync(join(repositoryRoot, page), "utf8");
  return titles
    .flatMap((title) => codeBlocksUnder(text, title))
    .map((block, index) => ({
      ...block,
      name: `${index + 1}: ${block.content.split("\n")[0]}`,
    }));
}

/**
 * Goes through the pages as a reader does. Shell blocks are run; a `text` block is what the commands before it print. A
 * block whose first line names a file is that file: as wplug generated it, or, under "write", as the reader writes it.
 */
describe("as a reader", () => {
  let folder: string;
  let cwd: string;
  let output = "";

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-tour-")));
    cwd = folder;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function follow({ language, content }: CodeBlock): void {
    if (language === "sh") {
      output = "";
      for (const line of content.trim().split("\n")) {
        if (line.startsWith("cd ")) cwd = join(cwd, line.slice(3));
        else output += runOk(line, cwd).output;
      }
    } else if (language === "text") {
      for (const line of content.trim().split("\n")) expect(output).toContain(line);
    } else {
      const [, path = ""] = /^(?:\/\/|#) (\S+)\n/.exec(content) ?? [];
      expect(path).not.toBe("");
      const file = join(cwd, path);
      const text = content.slice(content.indexOf("\n") + 1).trim() + "\n";
      const isGenerated = existsSync(file) && !text.includes("// your own words");
      if (isGenerated) {
        expect(readFileSync(file, "utf8")).toBe(text);
      } else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
  }

  describe("the five-minute tour of the README", () => {
    it.each(blocksOf("README.md", "Five-minute tour"))("block $name", follow);
  });

  // It goes on in the workspace of the tour.
  describe("the section about registries", () => {
    if (!hasOciRegistry) {
      it("is not followed: no docker-registry", () => expect(hasOciRegistry).toBe(false));
      return;
    }

    let registry: OciRegistry;

    // Under the port that the page names.
    beforeAll(async () => {
      registry = await startOciRegistry(folder, 5000);
    });

    afterAll(() => registry.stop());

    it.each(blocksOf("README.md", "Plugins in registries"))("block $name", follow);
  });

  // It goes on in a folder beside the workspace of the tour.
  describe("the page about Go", () => {
    const hasGo = spawnSync("go", ["version"]).status === 0;
    if (!hasGo) {
      it("is not followed: no Go toolchain", () => expect(hasGo).toBe(false));
      return;
    }

    beforeAll(() => {
      cwd = folder;
    });

    it.each(
      blocksOf(
        "docs/go.md",
        "A Go module of a contract",
        "A plugin in Go for a host in TypeScript",
        "A plugin of wplug for a host in Go",
      ),
    )("block $name", follow);
  });
});
