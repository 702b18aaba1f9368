import { TemporaryFolder } from "../testing/temporary-folder";
import { checkWorkspace } from "./check-workspace";

describe("a workspace that wplug can't work in", () => {
  let folder: TemporaryFolder;
  afterEach(() => folder.remove());

  const withNx = (version: string, more: Record<string, string> = {}) => {
    folder = new TemporaryFolder({ "node_modules/nx/package.json": { version }, ...more });
    return () => checkWorkspace(folder.path);
  };

  it("has an Nx that is too old, and is told in one sentence", () => {
    expect(withNx("20.8.2")).toThrow(
      'wplug needs Nx 21 or newer, but this workspace has Nx 20.8.2: "nx migrate latest" brings it up to date.',
    );
    folder.remove();
    expect(withNx("21.0.0-rc.1")).not.toThrow();
  });

  it("has no folder node_modules, as Yarn has it by default", () => {
    expect(withNx("23.2.1", { ".pnp.cjs": "" })).toThrow(/Plug'n'Play.*nodeLinker: node-modules/);
  });
});
