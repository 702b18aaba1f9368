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

import { codeBlocksUnder } from "./readme.js";
import { repositoryRoot } from "./repository.js";
import { runOk } from "./run.js";

const blocks = codeBlocksUnder(
  readFileSync(join(repositoryRoot, "README.md"), "utf8"),
  "Five-minute tour",
);

/**
 * Goes through the tour as a reader does. Shell blocks are run; a `text` block is what the commands before it print. A
 * block whose first line names a file is that file: as wplug generated it, or, under "write", as the reader writes it.
 */
describe("the five-minute tour of the README", () => {
  let folder: string;
  let cwd: string;
  let output = "";

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-tour-")));
    cwd = folder;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(
    blocks.map((block, index) => ({
      ...block,
      name: `${index + 1}: ${block.content.split("\n")[0]}`,
    })),
  )("block $name", ({ language, content }) => {
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
  });
});
