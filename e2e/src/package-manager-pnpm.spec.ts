import { testPackageManager } from "./test-package-manager.js";
import { Workspace } from "./workspace.js";

const nx = "22.7.12";

describe(`in a workspace of pnpm and Nx ${nx}`, () =>
  testPackageManager({
    exec: "pnpm exec",
    nx,
    create: () => {
      const workspace = Workspace.createWith("pnpm@10", nx);
      // In flow style, which says the same, and with a comment.
      workspace.edit("pnpm-workspace.yaml", (yaml) =>
        yaml.replace(/packages:\n(\s*-.*\n)+/, "packages: ['packages/*'] # ours\n"),
      );
      return workspace;
    },
    added: "added successfully",
  }));
