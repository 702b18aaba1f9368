import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";

import { addToCargoWorkspace } from "./cargo-workspace";

/** What Cargo.toml in the root is afterwards; undefined if the package is in no Cargo workspace. */
function join(manifest: string | undefined, root = "libs/ferris", contract = "contracts/greeter") {
  const tree = createTreeWithEmptyWorkspace();
  if (manifest !== undefined) tree.write("Cargo.toml", manifest);
  return addToCargoWorkspace(tree, root, contract)
    ? (tree.read("Cargo.toml", "utf-8") ?? undefined)
    : undefined;
}

describe("addToCargoWorkspace", () => {
  it("does nothing where there is no Cargo workspace in the root", () => {
    expect(join(undefined)).toBeUndefined();
    expect(join('[package]\nname = "acme"\n')).toBeUndefined();
  });

  it("adds the package to the members, in one line or several", () => {
    expect(join("[workspace]\nmembers = []\n")).toBe('[workspace]\nmembers = ["libs/ferris"]\n');
    expect(join('[workspace]\nmembers = ["a", "b"]\n')).toBe(
      '[workspace]\nmembers = ["a", "b", "libs/ferris"]\n',
    );
    // As @monodon/rust writes it.
    expect(join("[workspace]\nresolver = '2'\nmembers = [\n\t'libs/core',\n]\n")).toBe(
      "[workspace]\nresolver = '2'\nmembers = [\n\t'libs/core',\n    \"libs/ferris\",\n]\n",
    );
    expect(join("[workspace] # of Cargo\n")).toBe(
      '[workspace] # of Cargo\nmembers = ["libs/ferris"]\n',
    );
  });

  it.each(['"libs/ferris"', '"./libs/ferris/"', "'libs/*'", '"libs/fer*"', '"*/ferris"'])(
    "leaves the members alone where they have the package as %s",
    (pattern) => {
      const manifest = `[workspace]\nmembers = [${pattern}]\n`;
      expect(join(manifest)).toBe(manifest);
    },
  );

  it("adds it where a pattern is of another depth", () => {
    expect(join('[workspace]\nmembers = ["libs/*/*"]\n')).toContain('"libs/*/*", "libs/ferris"]');
  });

  it("excludes the contract where a pattern of the members has it, as it is no package of Cargo", () => {
    const manifest = '[workspace]\nmembers = ["libs/*"]\n';
    const joined = join(manifest, "libs/ferris", "libs/greeter-contract");
    expect(joined).toBe('[workspace]\nexclude = ["libs/greeter-contract"]\nmembers = ["libs/*"]\n');
    expect(join(joined, "libs/ferris", "libs/greeter-contract")).toBe(joined);
    expect(join(joined, "libs/ferris", "libs/shop-contract")).toContain(
      'exclude = ["libs/greeter-contract", "libs/shop-contract"]',
    );
  });
});
