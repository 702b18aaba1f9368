import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { readJson } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";

import { wplugVersion } from "../generated/header";
import { addPluginEntries } from "./add-plugin-entries";
import { addProjectTags } from "./add-project-tags";

describe("add-project-tags", () => {
  it("adds tags to wplug projects of both kinds, and keeps those of the user", () => {
    const tree = createTreeWithEmptyWorkspace();
    const write = (path: string, content: object) => tree.write(path, JSON.stringify(content));
    write("a/wplug.json", { type: "contract" });
    write("a/package.json", { name: "@acme/a", nx: { name: "a", tags: ["mine"] } });
    write("b/wplug.json", { type: "plugin", contract: "a" });
    write("b/project.json", { name: "b", sourceRoot: "b" });
    write("c/project.json", { name: "c" });
    for (let run = 0; run < 2; run++) {
      addProjectTags(tree);
      expect(readJson(tree, "a/package.json")).toEqual({
        name: "@acme/a",
        nx: { name: "a", tags: ["mine", "type:contract", "wplug:a"] },
      });
      expect(readJson(tree, "b/project.json")).toMatchObject({
        name: "b",
        sourceRoot: "b",
        tags: ["type:plugin", "wplug:a"],
      });
      expect(readJson(tree, "c/project.json")).toEqual({ name: "c" });
    }
  });
});

describe("add-plugin-entries", () => {
  it("adds what plugins in TypeScript import to contracts that were made without", async () => {
    const tree = createTreeWithEmptyWorkspace();
    const write = (path: string, content: object) => tree.write(path, JSON.stringify(content));
    write("a/wplug.json", { type: "contract" });
    write("a/package.json", {
      name: "@acme/a",
      nx: { name: "a" },
      exports: { ".": "./src/index.ts", "./host": "./src/host.ts", "./assembly": "./assembly.ts" },
    });
    write("b/wplug.json", { type: "contract" });
    const built = { types: "./dist/host.d.ts", default: "./dist/host.js" };
    write("b/package.json", { name: "@acme/b", nx: { name: "b" }, exports: { "./host": built } });
    write("c/wplug.json", { type: "contract" });
    write("c/project.json", { name: "c" });
    write("tsconfig.base.json", {
      compilerOptions: {
        paths: { "@acme/c": ["c/src/index.ts"], "@acme/c/host": ["c/src/host.ts"] },
      },
    });
    write("d/wplug.json", { type: "plugin", contract: "a" });
    write("d/package.json", { name: "@acme/d", nx: { name: "d" } });
    for (let run = 0; run < 2; run++) {
      await addPluginEntries(tree);
      expect(readJson(tree, "a/package.json").exports).toEqual({
        ".": "./src/index.ts",
        "./host": "./src/host.ts",
        "./assembly": "./assembly.ts",
        "./plugin": "./src/plugin.ts",
      });
      expect(readJson(tree, "b/package.json").exports["./plugin"]).toEqual({
        types: "./dist/plugin.d.ts",
        default: "./dist/plugin.js",
      });
      expect(readJson(tree, "tsconfig.base.json").compilerOptions.paths).toMatchObject({
        "@acme/c/plugin": ["./c/src/plugin.ts"],
      });
      for (const root of ["a", "b", "c"]) {
        expect(tree.read(`${root}/src/plugin.ts`, "utf-8")).toBe(
          'export * from "./gen/plugin.js";\n',
        );
      }
      expect(tree.exists("d/src/plugin.ts")).toBe(false);
    }
  });
});

describe("migrations.json", () => {
  const root = join(__dirname, "../..");
  const { generators } = JSON.parse(readFileSync(join(root, "migrations.json"), "utf8")) as {
    generators: Record<string, { version: string; implementation: string }>;
  };

  it.each(Object.entries(generators))(
    "%s exists, for a version that is not in the future",
    (_name, it) => {
      const [file, exported] = it.implementation.split("#") as [string, string];
      const source = `${join(root, file.replace("./dist/", "src/"))}.ts`;
      expect(existsSync(source)).toBe(true);
      expect(readFileSync(source, "utf8")).toContain(`function ${exported}(`);
      expect(
        it.version.split("-")[0]?.localeCompare(wplugVersion(), "en", { numeric: true }),
      ).toBeLessThan(1);
    },
  );
});
