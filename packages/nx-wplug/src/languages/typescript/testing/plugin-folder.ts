import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import type { Contract } from "../../../contract/contract";
import { buildContract } from "../../../contract/model/build-contract";
import { emitHostSdk } from "../../../host-sdk";
import { compileInline, contractOf, type Protos } from "../../../testing/compile-inline";
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

interface FolderOptions {
  readonly proto?: string;
  /** Protos of another contract, `@test/imported`. */
  readonly imported?: Protos;
  /** Whether the engine is told what messages consist of. */
  readonly tables?: boolean;
}

/** A workspace with a contract, `@test/contract`, and a plugin of it. */
export class PluginFolder {
  readonly folder: TemporaryFolder;

  constructor(
    files: Readonly<Record<string, string>>,
    { proto = PROTO, imported = {}, tables = true }: FolderOptions = {},
  ) {
    const from = {
      contract: "imported",
      importPath: "@test/imported",
      folder: "imported",
      protoRoot: "imported/proto",
      isDirect: true,
    };
    const paths = Object.keys(imported);
    const contract = buildContract(
      compileInline({ ...imported, "test.proto": proto }),
      ["test.proto"],
      { imported: new Map(paths.map((path) => [path, from])) },
    );
    this.folder = new TemporaryFolder({
      ...contractFiles("contract", contract, tables),
      ...(paths.length > 0 && contractFiles("imported", contractOf(imported), tables)),
      ...files,
    });
    mkdirSync(join(this.path, "node_modules/@wplug"), { recursive: true });
    mkdirSync(join(this.path, "node_modules/@test"));
    for (const name of ["runtime", "well-known-types"]) {
      symlinkSync(join(PACKAGES, name), join(this.path, "node_modules/@wplug", name), "dir");
    }
    for (const name of ["contract", "imported"]) {
      symlinkSync(join(this.path, name), join(this.path, "node_modules/@test", name), "dir");
    }
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

/** The package of a contract, `@test/NAME`, in the folder of that name. */
function contractFiles(
  name: string,
  contract: Contract,
  tables: boolean,
): Readonly<Record<string, string>> {
  const generated = [...emitHostSdk(contract), ...emitSdk(contract)].map(
    ({ path, content }) =>
      [
        `${name}/src/gen/${path}`,
        !tables && path.endsWith(".table.ts") ? "export {};\n" : content,
      ] as const,
  );
  return {
    ...Object.fromEntries(generated),
    [`${name}/src/plugin.ts`]: 'export * from "./gen/plugin.js";\n',
    [`${name}/package.json`]: JSON.stringify({
      name: `@test/${name}`,
      exports: { "./plugin": "./src/plugin.ts", "./gen/*": "./src/gen/*.ts" },
    }),
  };
}
