import { testPreset } from "./test-preset.js";
import { NX_VERSION, Workspace } from "./workspace.js";

describe("in a workspace of the preset npm, with TypeScript 5.9", () =>
  testPreset({
    create: () => Workspace.createWith("npm", NX_VERSION, "--preset=npm"),
    prepare: (workspace) => workspace.runOk("npm install -D typescript@~5.9.3"),
    testRunner: "jest",
    more: (workspace) =>
      it("TypeScript is still what the workspace has", () =>
        expect(workspace().runOk("npx tsc --version").output).toContain("5.9.")),
  }));
