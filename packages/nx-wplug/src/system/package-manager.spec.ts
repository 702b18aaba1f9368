import { TemporaryFolder } from "../testing/temporary-folder";
import { addCommand, packageFolder, packageManagerOf } from "./package-manager";

describe("package managers", () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  it.each([
    ["package-lock.json", "npm", "npm install -D x"],
    ["pnpm-lock.yaml", "pnpm", "pnpm add -D x"],
    ["yarn.lock", "yarn", "yarn add -D x"],
    ["bun.lock", "bun", "bun add -D x"],
    ["bun.lockb", "bun", "bun add -D x"],
  ])("are known by their lock files: %s is of %s", (file, manager, command) => {
    folder = new TemporaryFolder({ [file]: "", "libs/a/index.ts": "" });
    expect(packageManagerOf(`${folder.path}/libs/a`)).toBe(manager);
    expect(addCommand("x", folder.path)).toBe(command);
  });

  it("are told that the root of a workspace is meant, where they ask", () => {
    folder = new TemporaryFolder({ "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "" });
    expect(addCommand("x", folder.path)).toBe("pnpm add -D -w x");
  });

  it("install packages that are found afterwards, though they were not there before", () => {
    folder = new TemporaryFolder({ "a/index.ts": "" });
    expect(packageFolder("later", `${folder.path}/a`)).toBeUndefined();
    folder.write("node_modules/later/package.json", "{}");
    expect(packageFolder("later", `${folder.path}/a`)).toBe(`${folder.path}/node_modules/later`);
  });
});
