import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "23.2.1";

describe(`in a workspace of bun and Nx ${nx}`, () =>
  testPackageManager({
    exec: "bunx",
    nx,
    create: () => Workspace.createWith("bun@1.3", nx),
    added: "added successfully",
  }));
