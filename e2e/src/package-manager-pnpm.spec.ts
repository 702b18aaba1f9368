import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "22.7.12";

describe(`in a workspace of pnpm and Nx ${nx}`, () =>
  testPackageManager({
    exec: "pnpm exec",
    nx,
    create: () => Workspace.createWith("pnpm@10", nx),
    added: "added successfully",
  }));
