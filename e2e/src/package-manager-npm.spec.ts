import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "24.0.6";

describe(`in a workspace of npm and Nx ${nx}`, () =>
  testPackageManager({
    exec: "npx",
    nx,
    create: () => {
      const workspace = Workspace.create("ts");
      // Of @nx/js there is no 24 yet.
      workspace.runOk(`npm install --save-dev nx@${nx} @nx/devkit@24.0.0`);
      return workspace;
    },
  }));
