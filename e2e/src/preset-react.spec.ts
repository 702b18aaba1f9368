import { testPreset } from "./test-preset.js";
import { NX_VERSION, Workspace } from "./workspace.js";

const PRESET =
  "--preset=react-monorepo --appName=web --bundler=vite --unitTestRunner=vitest --e2eTestRunner=none --style=css";

describe("in a workspace of React, Vite and Vitest", () =>
  testPreset({
    create: () => Workspace.createWith("npm", NX_VERSION, PRESET),
    targets: "lint",
    testRunner: "vitest",
    more: (workspace) => {
      it("no jest came along", () => {
        const { devDependencies } = workspace().readJson<{ devDependencies: object }>(
          "package.json",
        );
        expect(Object.keys(devDependencies).filter((name) => name.includes("jest"))).toEqual([]);
      });

      it("a project can have jest, or no tests, all the same", () => {
        workspace().nx("g wplug:contract billing --unitTestRunner=none");
        workspace().nx("g wplug:plugin polite --contract=greeter --unitTestRunner=jest");
        workspace().nx("run-many -t build test typecheck -p billing-contract,polite-plugin");
        expect(workspace().exists("apps/polite-plugin/jest.config.cjs")).toBe(true);
        expect(workspace().exists("apps/billing-contract/vitest.config.mts")).toBe(false);
      });

      it("a project whose tests were deleted passes", () => {
        workspace().runOk("rm apps/greeter-contract/src/greeter.spec.ts");
        workspace().nx("test greeter-contract");
      });
    },
  }));
