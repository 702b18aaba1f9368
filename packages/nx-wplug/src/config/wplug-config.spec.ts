import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parseWplugConfig } from "./wplug-config";

describe("parseWplugConfig", () => {
  const parse = (json: object) => parseWplugConfig(JSON.stringify(json), "p/wplug.json");

  it("fills in defaults", () => {
    expect(parse({ type: "contract" })).toEqual({
      type: "contract",
      proto: "proto",
      commitGenerated: false,
      imports: [],
      breaking: ["WIRE_JSON", "RPC_NO_DELETE"],
      plugins: [],
    });
    expect(parse({ type: "plugin", contract: "c" })).toEqual({
      type: "plugin",
      contract: "c",
      language: "assemblyscript",
      describe: true,
    });
    expect(parse({ $schema: "x", type: "host", contracts: ["c"] })).toEqual({
      type: "host",
      contracts: ["c"],
      plugins: [],
      platform: "node",
      hostFunctions: "src/host-functions.ts",
      pluginVersions: "src/plugin-versions.ts",
    });
  });

  it.each([
    [{}, 'p/wplug.json: "type" must be "contract", "plugin" or "host"'],
    [{ type: "plugins" }, 'p/wplug.json: "type" must be "contract", "plugin" or "host"'],
    [{ type: "plugin" }, 'p/wplug.json: "contract" is missing'],
    [{ type: "plugin", contract: 1 }, 'p/wplug.json: "contract" must be a string'],
    [
      { type: "plugin", contract: "c", language: "cobol" },
      'p/wplug.json: "language" must be one of "assemblyscript", "typescript", "go", "tinygo", "rust", not "cobol"',
    ],
    [
      { type: "plugin", contract: "c", language: "typescript", start: "later" },
      'p/wplug.json: "start" must be "build" or "load"',
    ],
    [
      { type: "plugin", contract: "c", language: "rust", start: "load" },
      'p/wplug.json: "start" is for plugins in TypeScript; the top level of one in Rust always runs when it is loaded: remove "start"',
    ],
    [
      { type: "plugin", contracts: ["c"] },
      'p/wplug.json: "contracts" is not known; a plugin has "type", "contract", "language", "start", "registry", "describe"',
    ],
    [{ type: "host", contracts: [1] }, 'p/wplug.json: "contracts" must be a list of strings'],
    [{ type: "contract", plugins: {} }, 'p/wplug.json: "plugins" must be a list of strings'],
    [{ type: "contract", proto: null }, 'p/wplug.json: "proto" must be a string'],
    [
      { type: "host", contracts: [], platform: "deno" },
      'p/wplug.json: "platform" must be "node" or "browser"',
    ],
    [{ type: "contract", imports: "c" }, 'p/wplug.json: "imports" must be a list of strings'],
    [{ type: "host" }, 'p/wplug.json: "contracts" is missing'],
    [{ type: "host", contracts: "c" }, 'p/wplug.json: "contracts" must be a list of strings'],
    [
      { type: "contract", commitGenerated: "yes" },
      'p/wplug.json: "commitGenerated" must be true or false',
    ],
  ])("names the file and the key of a mistake: %j", (json, message) => {
    expect(() => parse(json)).toThrow(message);
  });

  it.each([
    ["schema.json", "validate-wplug-json.ts"],
    ["options.schema.json", "validate-options.ts"],
  ])("is made from the published %s as it is", (schema, check) => {
    const made = execFileSync(process.execPath, ["tools/wplug-schema/run.mjs", "--print", schema], {
      cwd: join(__dirname, "../../../.."),
      encoding: "utf8",
    });
    expect(readFileSync(join(__dirname, "gen", check), "utf8")).toBe(made);
  });

  it.each([
    ["", /^p\/wplug\.json: .*JSON/],
    ["{", /^p\/wplug\.json: .*JSON/],
    ["[]", /^p\/wplug\.json: expected a JSON object$/],
    ["null", /^p\/wplug\.json: expected a JSON object$/],
  ])("refuses what is no JSON object: %j", (text, message) => {
    expect(() => parseWplugConfig(text, "p/wplug.json")).toThrow(message);
  });
});
