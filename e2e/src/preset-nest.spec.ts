import { testPreset } from "./test-preset.js";
import { until } from "./until.js";
import { NX_VERSION, Workspace } from "./workspace.js";

const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

const SERVICE = `import { Injectable } from '@nestjs/common';
import { GreeterPlugin } from '@acme/greeter-contract/host';

@Injectable()
export class AppService {
  private readonly greeter = GreeterPlugin.load(process.env['GREETER'] ?? '');

  async getData(): Promise<{ message: string }> {
    const greeter = await this.greeter;
    const { message } = await greeter.sayHello({ name: 'Nest' });
    return { message };
  }
}
`;

const GREET = `import { GreeterPlugin } from '@acme/greeter-contract/host';

export async function greet(name: string): Promise<string> {
  const greeter = await GreeterPlugin.load(process.env['GREETER'] ?? '');
  return (await greeter.sayHello({ name })).message;
}
`;

const SERVICE_SPEC = `import { join } from 'path';
import { AppService } from './app.service';

it('greets', async () => {
  process.env['GREETER'] = join(__dirname, '../../../../${WASM}');
  expect(await new AppService().getData()).toEqual({ message: 'Hello, Nest' });
});
`;

const GREET_SPEC = `import { join } from 'path';
import { greet } from './greet';

it('greets', async () => {
  process.env['GREETER'] = join(__dirname, '../../../${WASM}');
  expect(await greet('Express')).toBe('Hello, Express');
});
`;

describe("in a workspace of Nest, with an Express application", () =>
  testPreset({
    create: () =>
      Workspace.createWith(
        "npm",
        NX_VERSION,
        "--preset=nest --appName=api --docker=false --e2eTestRunner=none",
      ),
    prepare: (workspace) => {
      workspace.nx(
        "g @nx/node:app apps/web --framework=express --bundler=esbuild --unitTestRunner=jest --e2eTestRunner=none --linter=none",
      );
      // Which ts-node can't read with TypeScript 6: Nx's own tests of these applications fail as they are generated.
      for (const app of ["api", "web"]) {
        workspace.runOk(
          `cd apps/${app} && if [ -f jest.config.cts ]; then mv jest.config.cts jest.config.cjs; fi`,
        );
      }
    },
    testRunner: "jest",
    more: (workspace) => {
      it("both take a plugin as a library: types, build, tests, and the running server", async () => {
        const user = workspace();
        user.runOk("rm apps/api/src/app/*.spec.ts");
        user.write("apps/api/src/app/app.service.ts", SERVICE);
        user.write("apps/api/src/app/app.service.spec.ts", SERVICE_SPEC);
        user.write("apps/web/src/greet.ts", GREET);
        user.write("apps/web/src/greet.spec.ts", GREET_SPEC);
        user.edit("apps/web/src/main.ts", (main) =>
          main
            .replace("import express", "import { greet } from './greet';\n$&")
            .replace("(req, res) =>", "async (req, res) =>")
            .replace(/message: '[^']+'/, "message: await greet('Express')"),
        );
        // docs/nx.md
        for (const app of ["api", "web"]) {
          user.edit(`apps/${app}/project.json`, (json) => {
            const project = JSON.parse(json) as {
              targets: Record<string, { options?: object }>;
            };
            const { build, test } = project.targets;
            return JSON.stringify({
              ...project,
              implicitDependencies: ["greeter-plugin"],
              targets: {
                ...project.targets,
                ...(build && {
                  build: {
                    ...build,
                    options: { ...build.options, bundle: true, thirdParty: false },
                  },
                }),
                test: { ...test, dependsOn: ["^build"] },
              },
            });
          });
        }
        user.commit();
        user.runOk("git clean -fdxq -e node_modules");
        user.nx("run-many -t build test -p api,web");

        const env = { GREETER: WASM };
        for (const [app, port, path, answer] of [
          ["api", 3391, "api", "Hello, Nest"],
          ["web", 3392, "", "Hello, Express"],
        ] as const) {
          const { child, output, ended } = user.start(`exec node dist/apps/${app}/main.js`, {
            ...env,
            PORT: String(port),
          });
          try {
            await until(() => output().includes(String(port)), output);
            const response = await fetch(`http://localhost:${port}/${path}`);
            expect(await response.json()).toEqual({ message: answer });
          } finally {
            child.kill();
            await ended;
          }
        }
      });
    },
  }));
