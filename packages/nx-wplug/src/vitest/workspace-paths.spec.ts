import { join } from "node:path";

import { TemporaryFolder } from "../testing/temporary-folder";
import { workspacePaths } from "./workspace-paths";

describe("the paths of a workspace in Vitest", () => {
  const folder = new TemporaryFolder({
    "nx.json": {},
    // A repository that began as one package has no tsconfig.base.json.
    "tsconfig.json": { compilerOptions: { paths: { "@acme/c": ["./c/src/index.ts"] } } },
    "c/src/index.ts": "",
    "p/tsconfig.json": {},
    "p/test/x.spec.ts": "",
  });
  afterAll(() => folder.remove());

  it("are files, and everything else is left to Vite", () => {
    const { resolveId } = workspacePaths();
    const importer = join(folder.path, "p/test/x.spec.ts");
    expect(resolveId("@acme/c", importer)).toBe(join(folder.path, "c/src/index.ts"));
    expect(resolveId("left-pad", importer)).toBeUndefined();
    expect(resolveId("@acme/c", undefined)).toBeUndefined();
  });

  it("include packages that have their sources behind a condition", () => {
    const { config } = workspacePaths();
    expect(config({ root: join(folder.path, "p") })).toEqual({});
    const published = new TemporaryFolder({
      "nx.json": {},
      "tsconfig.base.json": { compilerOptions: { customConditions: ["@acme/source"] } },
      "p/tsconfig.json": {},
    });
    const { resolve, ssr } = config({ root: join(published.path, "p") });
    expect(resolve?.conditions[0]).toBe("@acme/source");
    expect(ssr).toEqual({ resolve });
    published.remove();
  });
});
