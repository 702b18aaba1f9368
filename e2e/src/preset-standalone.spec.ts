import { testPreset } from "./test-preset.js";
import { NX_VERSION, Workspace } from "./workspace.js";

describe("in the repository of one package, with Nx in its root", () =>
  testPreset({
    create: () => Workspace.createWith("npm", NX_VERSION, "--preset=ts-standalone"),
    targets: "lint",
    testRunner: "vitest",
    more: (workspace) =>
      it("the package itself can load a plugin", () => {
        workspace().write(
          "src/lib/greet.spec.ts",
          `import { GreeterPlugin } from '@acme/greeter-contract/host';

describe('the package', () => {
  it('greets', async () => {
    const greeter = await GreeterPlugin.load('greeter-plugin/dist/greeter-plugin.wasm');
    expect((await greeter.sayHello({ name: 'package' })).message).toBe('Hello, package');
  });
});
`,
        );
        workspace().nx("test acme");
      }),
  }));
