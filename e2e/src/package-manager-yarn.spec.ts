import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "21.6.11";

describe(`in a workspace of yarn 4 and Nx ${nx}`, () =>
  testPackageManager({
    exec: "yarn",
    nx,
    create: () => Workspace.createWith("yarn@4", nx),
    added: "added successfully",
  }));
