import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { inspect } from "@wplug/runtime";

import { TemporaryFolder } from "../testing/temporary-folder";
import { writePlugin } from "../wasm/write-plugin";
import { languageNames } from "./find-language";
import { DEFAULT_LANGUAGE, LANGUAGES } from "./index";

const PACKAGE = join(__dirname, "../..");

interface Schema {
  readonly properties: {
    readonly language?: { readonly enum: readonly string[]; readonly default: string };
  };
}

function readSchema<T>(path: string): T {
  return JSON.parse(readFileSync(join(PACKAGE, path), "utf8")) as T;
}

describe("the list of languages", () => {
  it("is that of the schemas that editors and Nx read, which can't import it", () => {
    const plugin = readSchema<Schema>("src/generators/plugin/schema.json");
    const config = readSchema<{ oneOf: Schema[] }>("schema.json").oneOf;
    const schemas = [plugin, ...config].flatMap(({ properties }) => properties.language ?? []);
    expect(schemas).toHaveLength(2);
    for (const schema of schemas) {
      expect(schema.enum).toEqual(languageNames());
      expect(schema.default).toBe(DEFAULT_LANGUAGE.name);
    }
  });

  it("has each name once, and one title for names that share an SDK", () => {
    expect(new Set(languageNames()).size).toBe(LANGUAGES.length);
    for (const { title, sdk } of LANGUAGES) {
      const folders = LANGUAGES.filter((it) => it.title === title).map((it) => it.sdk.folder);
      expect(new Set(folders)).toEqual(new Set([sdk.folder]));
    }
  });

  it("begins with one that takes every contract, as it is what others are told to fall back on", () => {
    expect(DEFAULT_LANGUAGE.sdk.place).toBe("contract");
  });
});

describe.each(LANGUAGES.map((language) => [language.name, language] as const))(
  "%s",
  (name, { memory }) => {
    let folder: TemporaryFolder;
    beforeEach(() => {
      folder = new TemporaryFolder();
    });
    afterEach(() => folder.remove());

    it("has its memory freed as it says: hosts know whose rules are its own", async () => {
      const path = join(folder.path, "x.wasm");
      // https://webassembly.github.io/spec/core/binary/modules.html#binary-module
      const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
      await writePlugin(path, empty, { wplug: { language: name } });
      const { toolchain } = await inspect(path);
      expect(toolchain).toBe(memory === "abi" ? "wplug" : name);
    });
  },
);

it.each(["assemblyscript", "typescript", "go", "rust"])(
  "the folder %s has the files that every language has",
  (name) => {
    const files = ["index.ts", "emit-sdk.ts", "compile.ts", "scaffold.ts", "files"];
    expect(files.filter((file) => !existsSync(join(__dirname, name, file)))).toEqual([]);
  },
);
