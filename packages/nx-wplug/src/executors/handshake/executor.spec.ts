import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { TemporaryFolder } from "../../testing/temporary-folder";
import type { HandshakeRow } from "./handshake-row";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- sources of another package, which tsc must not compile here
const { greeter, wat } = require(join(__dirname, "../../../../runtime/src/testing/wat")) as {
  greeter(parts?: { version?: string; more?: string }): string;
  wat(text: string): Promise<Uint8Array>;
};

const contract = (version: number, method: string) => `
  export class GreeterPlugin {
    static service = {
      typeName: "test.v1.Greeter",
      version: ${version},
      apiVersionExport: "greeter_api_version",
      methods: { method: { name: "${method}", wasmName: "greeter_${method}" } },
      hostFunctions: [],
    };
  }`;

describe("the handshake of a host", () => {
  let folder: TemporaryFolder;

  beforeEach(async () => {
    folder = new TemporaryFolder({
      "shop/wplug.json": {
        type: "host",
        contracts: ["greeter-contract"],
        plugins: ["one.wasm", "two.wasm", "three.wasm"],
      },
      "shop/package.json": { name: "shop", type: "module" },
      "greeter/wplug.json": { type: "contract", proto: "proto" },
      "greeter/package.json": {
        name: "@org/greeter-contract",
        type: "module",
        exports: { "./host": "./src/gen/host.ts" },
      },
      "greeter/src/gen/host.ts": contract(2, "greet"),
      "shop/src/greeter-v1.ts": contract(1, "say_hello"),
    });
    link("node_modules/@wplug/runtime", join(__dirname, "../../../../runtime"));
    link("node_modules/@org/greeter-contract", join(folder.path, "greeter"));
    const version = (number: number) =>
      `(func (export "greeter_api_version") (result i64) (i64.const ${number}))`;
    const more = `(func (export "greeter_greet") (param i32 i32) (result i64) (i64.const 0))`;
    const plugins = {
      one: {},
      two: { version: version(2), more },
      three: { version: version(3), more },
    };
    for (const [name, parts] of Object.entries(plugins)) {
      writeFileSync(join(folder.path, `shop/${name}.wasm`), await wat(greeter(parts)));
    }
  });

  afterEach(() => folder.remove());

  function link(path: string, target: string): void {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    symlinkSync(target, file);
  }

  /** The built executor, in a process of its own: jest has no import() of the files that it writes. */
  function handshake(): (HandshakeRow | undefined)[] {
    const projects = { shop: { root: "shop" }, "greeter-contract": { root: "greeter" } };
    const context = {
      root: folder.path,
      projectName: "shop",
      projectsConfigurations: { version: 2, projects },
      nxJsonConfiguration: {},
    };
    const options = {
      json: "dist/handshake.json",
      junit: "dist/handshake.xml",
      html: true,
    };
    const executor = join(__dirname, "../../../dist/executors/handshake/executor.js");
    const program = `require(${JSON.stringify(executor)}).handshakeExecutor(${JSON.stringify(options)}, ${JSON.stringify(context)})`;
    execFileSync(process.execPath, ["-e", program], { stdio: "pipe" });
    const { handshakes } = JSON.parse(folder.read("shop/dist/handshake.json")) as {
      handshakes: HandshakeRow[];
    };
    return ["one", "two", "three"].map((name) =>
      handshakes.find(({ plugin }) => plugin === `shop/${name}.wasm`),
    );
  }

  it("that serves one version refuses plugins of others", () => {
    const [one, two, three] = handshake();
    expect(folder.read("shop/dist/handshake.html")).toContain(
      '<p class="failed">2 of 3 do not fit.</p>',
    );
    expect(one?.problems).toContain("API version mismatch, host: 2, plugin: 1");
    expect(two).toMatchObject({ hostVersion: 2, hostVersions: [2], problems: [] });
    expect(three?.problems).toEqual(["API version mismatch, host: 2, plugin: 3"]);
  });

  it("that gives several versions to loadAny checks each plugin against its own", () => {
    folder.write(
      "shop/src/plugin-versions.ts",
      `import { adapt } from "@wplug/runtime";
      import { GreeterPlugin } from "@org/greeter-contract/host";
      import { GreeterPlugin as GreeterV1 } from "./greeter-v1";

      export const others = { 1: "no loader" };
      export const none = undefined;
      export const greeterVersions = {
        2: GreeterPlugin,
        1: adapt(GreeterV1, (old) => ({ greet: (request) => old.sayHello(request) })),
      };`,
    );
    const [one, two, three] = handshake();
    expect(one).toMatchObject({ hostVersion: 1, hostVersions: [1, 2], pluginVersion: 1 });
    expect(one?.problems).toEqual([]);
    expect(one?.calls).toMatchObject([{ name: "greeter_say_hello", outcome: "answered" }]);
    expect(two).toMatchObject({ hostVersion: 2, hostVersions: [1, 2], problems: [] });
    expect(three?.problems).toEqual(["API version mismatch, host: 1, 2, plugin: 3"]);
  });
});
