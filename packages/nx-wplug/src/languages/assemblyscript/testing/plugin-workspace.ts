import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Contract } from "../../../contract/contract";
import { type CompileResult, compilePlugin } from "../asc/compile-plugin";
import { emitSdk } from "../emit-sdk";

const SOURCES = join(__dirname, "../../../../../runtime/assembly-tests");

/** A temporary workspace with a contract, `@test/contract`, and a plugin. No node_modules folder holds either. */
export class PluginWorkspace {
  readonly root = mkdtempSync(join(tmpdir(), "wplug-asc-"));
  readonly outFile = join(this.root, "plugins/greeter/dist/plugin.wasm");

  constructor(contract: Contract) {
    for (const { path, content } of emitSdk(contract)) {
      this.write(`contract/assembly/gen/${path}`, content);
    }
    this.write("contract/assembly/index.ts", 'export * from "./gen/index";\n');
    mkdirSync(join(this.root, "plugins/greeter"), { recursive: true });
  }

  /** Writes a file, given by its path from the root. */
  write(path: string, content: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Makes the file of this name in packages/runtime/assembly-tests the plugin's source. */
  use(name: string): this {
    cpSync(join(SOURCES, name), join(this.root, "plugins/greeter/assembly/index.ts"));
    return this;
  }

  /** Adds to the plugin's source. */
  append(source: string): void {
    appendFileSync(join(this.root, "plugins/greeter/assembly/index.ts"), source);
  }

  compile(contractEntry = "@test/contract/assembly/gen/entry"): Promise<CompileResult> {
    return compilePlugin({
      workspaceRoot: this.root,
      projectRoot: join(this.root, "plugins/greeter"),
      entry: "assembly/index.ts",
      contractEntry,
      packages: { "@test/contract/assembly": join(this.root, "contract/assembly") },
      section: () => Promise.resolve({ wplug: { contract: "test" } }),
      outFile: this.outFile,
    });
  }

  module(): Uint8Array {
    return readFileSync(this.outFile);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
