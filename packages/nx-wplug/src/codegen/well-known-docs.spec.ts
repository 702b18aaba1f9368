import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import * as wellKnownTypes from "@wplug/well-known-types";
import { build } from "esbuild";

import { emitHostSdk } from "../host-sdk";
import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { contractOf } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "../../../..");
const page = readFileSync(join(ROOT, "docs/well-known-types.md"), "utf8");

/** The example for one side, and what its comments say that it prints. */
function example(side: "host" | "plugin"): { readonly code: string; readonly prints: string[] } {
  const code = new RegExp("```ts\n// " + side + "\n([^`]*)```").exec(page)?.[1] ?? "";
  const prints = Array.from(
    code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm),
    ([, text = ""]) => text,
  );
  expect(prints.length).toBeGreaterThan(4);
  return { code, prints };
}

describe("the page about well-known types", () => {
  it("has an example for hosts that prints what it says", async () => {
    const { code, prints } = example("host");
    const { outputFiles } = await build({
      stdin: { contents: code, resolveDir: __dirname, loader: "ts" },
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
    });
    const printed: string[] = [];
    runInNewContext(outputFiles[0]?.text ?? "", {
      ...globalThis,
      require,
      Buffer,
      process,
      performance,
      TextEncoder,
      TextDecoder,
      console: { log: (value: unknown) => printed.push(String(value)) },
    });
    expect(printed).toEqual(prints);
  });

  it("has an example for plugins that prints what it says", async () => {
    const { code, prints } = example("plugin");
    const imports = code.slice(0, code.indexOf("\n\n"));
    const contract = contractOf({
      "example.proto": `
        syntax = "proto3";
        package example;
        message Nothing {}
        // go:plugin type=plugin version=1
        service Example { rpc Run(Nothing) returns (Nothing); }`,
    });
    const workspace = new PluginWorkspace(contract);
    workspace.write(
      "plugins/greeter/assembly/index.ts",
      `import { Example, Nothing, registerExample } from "@test/contract/assembly";
      ${imports}
      class TheExample implements Example {
        run(request: Nothing): Nothing {
          ${code.slice(imports.length)}
          return request;
        }
      }
      registerExample(new TheExample());`,
    );
    expect((await workspace.compile()).diagnostics).toEqual([]);
    const { ExamplePlugin } = await loadGenerated<{
      ExamplePlugin: {
        load(wasm: Uint8Array, options: object): Promise<{ run(request: object): Promise<object> }>;
      };
    }>(emitHostSdk(contract), "host.ts");
    let printed = "";
    const stdout = (text: string): void => void (printed += text);
    const plugin = await ExamplePlugin.load(workspace.module(), { stdout });
    workspace.dispose();
    await plugin.run({});
    expect(printed.trimEnd().split("\n")).toEqual(prints);
  });

  it("names every function and every type", () => {
    const inAssemblyScript = readFileSync(
      join(ROOT, "packages/well-known-types/assembly/index.ts"),
      "utf8",
    );
    const names = [
      ...Object.keys(wellKnownTypes).filter((name) => !/[_$]/.test(name)),
      ...Array.from(inAssemblyScript.matchAll(/\b[a-z]\w*[A-Z]\w*\b/g), ([name]) => name),
    ].filter(
      (name) =>
        !/^(BoolValue|BytesValue|DoubleValue|FloatValue|U?Int\d\dValue|StringValue)$/.test(name),
    );
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(page))).toEqual([]);
  });
});
