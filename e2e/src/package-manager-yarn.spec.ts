import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "21.6.11";

describe(`in a workspace of yarn and Nx ${nx}`, () =>
  testPackageManager({
    exec: "yarn",
    nx,
    create: () => Workspace.createWith("yarn@1", nx),
    added: "added successfully",
  }));
