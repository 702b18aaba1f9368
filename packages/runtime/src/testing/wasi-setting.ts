import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginModule, type LoadOptions } from "../index.js";
import { GreeterPlugin } from "./greeter-client.js";

/** Runs a command line in a plugin, which answers with what came of it. */
export type RunCommand = (...words: readonly string[]) => Promise<string>;

/** What the tests of a plugin that takes command lines need, made for the suite that it is created in and cleared away by it. */
export class WasiSetting {
  private compiled: PluginModule | undefined;
  private readonly opened: GreeterPlugin[] = [];
  private readonly folders: string[] = [];

  /** @param build makes the wasm and returns its path */
  constructor(build: () => string) {
    beforeAll(async () => {
      this.compiled = await PluginModule.compile(build());
    }, 120_000);
    afterEach(() => Promise.all(this.opened.splice(0).map((plugin) => plugin.dispose())));
    afterAll(() => this.folders.forEach((path) => rmSync(path, { recursive: true, force: true })));
  }

  get module(): PluginModule {
    if (this.compiled === undefined) throw new Error("the plugin is compiled before all tests");
    return this.compiled;
  }

  /** A new folder of the host. */
  readonly folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), "wplug-wasi-"));
    this.folders.push(path);
    return path;
  };

  readonly start = async (options: LoadOptions = {}): Promise<RunCommand> => {
    const plugin = await GreeterPlugin.load(this.module, options);
    this.opened.push(plugin);
    return async (...words) => (await plugin.sayHello({ name: words.join(" ") })).name;
  };
}
