import { join } from "node:path";

import { TemporaryFolder } from "../testing/temporary-folder";
import { sync } from "./resolver";

describe("the jest resolver", () => {
  const folder = new TemporaryFolder({
    "tsconfig.base.json": {
      compilerOptions: {
        paths: {
          "@acme/c": ["c/src/index.ts"],
          "@acme/c/gen/*": ["c/src/gen/*.ts"],
          "@acme/gone": ["gone.ts"],
        },
      },
    },
    "c/src/index.ts": "",
    "c/src/gen/a/b.pb.ts": "",
    "p/test/x.ts": "",
  });
  afterAll(() => folder.remove());

  const known = new Set(["./x.ts", "./y.js", "left-pad"]);
  const defaultResolver = (path: string) => {
    if (!known.has(path)) throw new Error(`Cannot find module ${path}`);
    return `/resolved/${path}`;
  };
  const resolve = (path: string) =>
    sync(path, { basedir: join(folder.path, "p/test"), defaultResolver });

  it("finds a path of tsconfig.base.json", () => {
    expect(resolve("@acme/c")).toBe(join(folder.path, "c/src/index.ts"));
    expect(resolve("@acme/c/gen/a/b.pb")).toBe(join(folder.path, "c/src/gen/a/b.pb.ts"));
    expect(() => resolve("@acme/c/gen/a/x.pb")).toThrow("Cannot find module");
  });

  it("finds x.ts where x.js is imported, unless there is an x.js", () => {
    expect(resolve("./x.js")).toBe("/resolved/./x.ts");
    expect(resolve("./y.js")).toBe("/resolved/./y.js");
  });

  it("leaves everything else to jest", () => {
    expect(resolve("left-pad")).toBe("/resolved/left-pad");
    expect(() => resolve("@acme/gone")).toThrow("Cannot find module @acme/gone");
    expect(() => resolve("./z.js")).toThrow("Cannot find module ./z.ts");
  });
});
