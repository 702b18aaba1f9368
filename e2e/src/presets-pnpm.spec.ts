import { testPreset } from "./test-preset.js";
import { NX_VERSION, Workspace } from "./workspace.js";

const REACT =
  "--preset=react-monorepo --appName=web --bundler=vite --unitTestRunner=vitest --e2eTestRunner=none --style=css";

describe.each([
  ["npm", "--preset=npm", "jest"],
  ["react-monorepo", REACT, "vitest"],
] as const)("in a workspace of pnpm and the preset %s", (_name, preset, testRunner) =>
  testPreset({
    create: () => Workspace.createWith("pnpm@10", NX_VERSION, preset),
    exec: "pnpm exec",
    install: "pnpm add -D -w",
    testRunner,
    // This preset knows no Prettier, and whoever adds that leaves out what pnpm writes.
    prepare: (workspace) => {
      if (!workspace.exists(".prettierignore"))
        workspace.write(".prettierignore", "pnpm-lock.yaml\n");
    },
  }),
);
