import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { emitHostSdk } from "../../../host-sdk";
import { contractOf } from "../../../testing/compile-inline";
import { TemporaryFolder } from "../../../testing/temporary-folder";
import type { CompileJob, CompileResult, PluginStart } from "../../language";
import { compile } from "../compile";
import { emitSdk } from "../emit-sdk";

const PACKAGES = join(__dirname, "../../../../../");

/** Of the contract, `@test/contract`. */
export const PROTO = `syntax = "proto3";
package test.v1;
// go:plugin type=plugin version=7
service Tester {
  rpc Run(Text) returns (Text);
}
// go:plugin type=host
service Host {
  rpc Answer(Text) returns (Text);
}
message Text { string text = 1; }
`;

/** Imports of the plugin's module, and a class around the code of its only method. */
export const tester = (method: string, top = "") => `
import { Host, Text, registerTester, type Tester } from "@test/contract/plugin";
import { fail } from "@wplug/runtime/plugin";
${top}
class MyTester implements Tester {
  ${method}
}
registerTester(new MyTester());
`;

/** A workspace with a contract, `@test/contract`, and a plugin of it. */
export class PluginFolder {
  readonly folder: TemporaryFolder;

  /** @param tables whether the engine is told what messages consist of */
  constructor(files: Readonly<Record<string, string>>, proto = PROTO, tables = true) {
    const contract = contractOf({ "test.proto": proto });
    const generated = [...emitHostSdk(contract), ...emitSdk(contract)].map((file) =>
      !tables && file.path.endsWith(".table.ts") ? { ...file, content: "export {};\n" } : file,
    );
    this.folder = new TemporaryFolder({
      ...Object.fromEntries(
        generated.map(({ path, content }) => [`contract/src/gen/${path}`, content]),
      ),
      "contract/src/plugin.ts": 'export * from "./gen/plugin.js";\n',
      "contract/package.json": JSON.stringify({
        name: "@test/contract",
        exports: { "./plugin": "./src/plugin.ts" },
      }),
      ...files,
    });
    mkdirSync(join(this.path, "node_modules/@wplug"), { recursive: true });
    mkdirSync(join(this.path, "node_modules/@test"));
    for (const name of ["runtime", "well-known-types"]) {
      symlinkSync(join(PACKAGES, name), join(this.path, "node_modules/@wplug", name), "dir");
    }
    symlinkSync(join(this.path, "contract"), join(this.path, "node_modules/@test/contract"), "dir");
  }

  get path(): string {
    return this.folder.path;
  }

  get wasm(): string {
    return join(this.path, "plugin/dist/plugin.wasm");
  }

  bytes(): Uint8Array {
    return readFileSync(this.wasm);
  }

  job(start: PluginStart = "build"): CompileJob {
    return {
      workspaceRoot: this.path,
      plugin: { name: "plugin", root: "plugin", folder: join(this.path, "plugin") },
      contract: { name: "contract", root: "contract", folder: join(this.path, "contract") },
      imports: [],
      main: undefined,
      start,
      section: () => Promise.resolve({ wplug: { language: "typescript" } }),
      outFile: this.wasm,
    };
  }

  compile(start?: PluginStart): Promise<CompileResult> {
    return compile(this.job(start));
  }

  remove(): void {
    this.folder.remove();
  }
}
