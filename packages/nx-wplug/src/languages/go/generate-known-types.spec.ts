import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { WELL_KNOWN_PROTOS } from "../../contract/well-known-protos";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { generateKnownTypes } from "./generate-known-types";

const hasGo = spawnSync("go", ["version"]).status === 0;

if (!hasGo) {
  it("makes and tests the well-known types in Go: not run, no Go toolchain", () =>
    expect(hasGo).toBe(false));
}

const goModule = join(dirname(require.resolve("@wplug/well-known-types/package.json")), "go");

(hasGo ? describe : () => {})("the well-known types in Go", () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = new TemporaryFolder({});
    const include = join(dirname(require.resolve("protoc/package.json")), "include");
    for (const path of WELL_KNOWN_PROTOS) {
      cpSync(join(include, path), join(folder.path, "proto", path));
    }
    for (const name of ["go.mod", "go.sum"]) {
      cpSync(join(goModule, name), join(folder.path, "go", name));
    }
  });

  afterEach(() => folder.remove());

  it('are those of "npm run well-known-types"', async () => {
    await generateKnownTypes(join(folder.path, "proto"), join(folder.path, "go"));
    expect(generatedIn(join(folder.path, "go"))).toEqual(generatedIn(goModule));
  }, 120_000);

  it("pass their own tests", () => {
    for (const command of ["vet", "test"]) {
      const { status, stdout, stderr } = spawnSync("go", [command, "./..."], {
        cwd: goModule,
        encoding: "utf8",
      });
      expect({ status, said: status === 0 ? "" : stdout + stderr }).toEqual({
        status: 0,
        said: "",
      });
    }
  }, 120_000);
});

/** Texts by path. */
function generatedIn(folder: string): Map<string, string> {
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) =>
    path.endsWith(".pb.go"),
  );
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
