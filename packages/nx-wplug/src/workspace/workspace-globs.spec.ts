import { readJson, type Tree } from "@nx/devkit";
import { createTreeWithEmptyWorkspace } from "@nx/devkit/testing";
import { parse } from "yaml";

import { addToGlobs, isMatched, workspaceGlobs } from "./workspace-globs";

describe("isMatched", () => {
  it.each([
    ["packages/a", ["packages/*"], true],
    ["packages/a", ["./packages/*/"], true],
    ["packages/a/b", ["packages/*"], false],
    ["libs/plugins/a", ["libs/**"], true],
    ["libs/a", ["{apps,libs}/*"], true],
    ["a", ["*"], true],
    ["libs/a", ["*"], false],
    ["libs/a", ["libs/*", "!libs/a"], false],
  ])("tells whether %s is one of %j: %s", (folder, globs, expected) => {
    expect(isMatched(folder, globs)).toBe(expected);
  });
});

describe("pnpm-workspace.yaml", () => {
  const file = "pnpm-workspace.yaml";
  let tree: Tree;

  beforeEach(() => {
    tree = createTreeWithEmptyWorkspace();
  });

  const add = (yaml: string) => {
    tree.write(file, yaml);
    addToGlobs(tree, "greeter-contract");
    return tree.read(file, "utf-8") ?? "";
  };

  it.each([
    ["packages:\n  - packages/*\n", 'packages:\n  - packages/*\n  - "greeter-contract"\n'],
    [
      "packages:\n    - 'packages/*' # ours\n\n# pnpm\nautoInstallPeers: true\n",
      "packages:\n    - 'packages/*' # ours\n    - 'greeter-contract'\n\n# pnpm\nautoInstallPeers: true\n",
    ],
    ["packages:\n- a\n- b", 'packages:\n- a\n- b\n- "greeter-contract"'],
    ["packages: ['packages/*'] # flow\n", "packages: ['packages/*', 'greeter-contract'] # flow\n"],
    ["a: 1\npackages: []\n", 'a: 1\npackages: ["greeter-contract"]\n'],
    ["packages: [\n  a,\n  b,\n]\n", 'packages: [\n  a,\n  b, "greeter-contract",\n]\n'],
  ])("gets the project, and stays as it is otherwise: %j", (before, after) => {
    expect(add(before)).toBe(after);
    expect((parse(after) as { packages: string[] }).packages).toEqual([
      ...(parse(before) as { packages: string[] }).packages,
      "greeter-contract",
    ]);
  });

  it("is left alone where a glob covers the project", () => {
    const yaml = "packages: ['packages/*', \"*\"]\n";
    expect(add(yaml)).toBe(yaml);
  });

  it("links nothing where it has settings alone", () => {
    tree.write("package.json", JSON.stringify({ workspaces: ["packages/*"] }));
    tree.write(file, "autoInstallPeers: true\n");
    expect(workspaceGlobs(tree)).toBeUndefined();
  });

  it.each([
    ["packages: [", /^pnpm-workspace\.yaml: .* at line 1/],
    ["packages: all\n", 'pnpm-workspace.yaml: "packages" must be a list of folders.'],
  ])("that is wrong is refused: %j", (yaml, message) => {
    tree.write(file, yaml);
    expect(() => workspaceGlobs(tree)).toThrow(message);
  });
});

describe("workspaces of package.json", () => {
  it.each([
    [["packages/*"], ["greeter-contract", "packages/*"]],
    [{ packages: ["packages/*"] }, { packages: ["greeter-contract", "packages/*"] }],
  ])("get the project: %j", (workspaces, expected) => {
    const tree = createTreeWithEmptyWorkspace();
    tree.write("package.json", JSON.stringify({ workspaces }));
    addToGlobs(tree, "greeter-contract");
    expect(readJson(tree, "package.json")).toMatchObject({ workspaces: expected });
  });
});
