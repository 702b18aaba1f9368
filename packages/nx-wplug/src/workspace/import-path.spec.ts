import { TemporaryFolder } from "../testing/temporary-folder";
import { importPathOf } from "./import-path";

describe("importPathOf", () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  it("is the name of the package", () => {
    folder = new TemporaryFolder({ "c/package.json": { name: "@acme/c" } });
    expect(importPathOf(folder.path, "c")).toBe("@acme/c");
  });

  it("is the path in tsconfig.base.json that leads there, whatever comments the file has", () => {
    folder = new TemporaryFolder({
      "tsconfig.base.json": `{
        // of the workspace
        "compilerOptions": { "baseUrl": ".", "paths": { "@acme/c": ["libs/c/src/index.ts"], }, },
      }`,
    });
    expect(importPathOf(folder.path, "libs/c")).toBe("@acme/c");
  });

  it("says what to add where there is neither", () => {
    folder = new TemporaryFolder();
    expect(() => importPathOf(folder.path, "c")).toThrow(
      'c cannot be imported: add c/package.json with a "name", or a path to c/src/index.ts in tsconfig.base.json.',
    );
  });
});
