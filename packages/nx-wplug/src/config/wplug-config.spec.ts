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
      breaking: ["WIRE_JSON", "RPC_NO_DELETE"],
      plugins: [],
    });
    expect(parse({ type: "plugin", contract: "c" })).toEqual({
      type: "plugin",
      contract: "c",
      language: "assemblyscript",
    });
    expect(parse({ $schema: "x", type: "host", contracts: ["c"] })).toEqual({
      type: "host",
      contracts: ["c"],
      plugins: [],
      hostFunctions: "src/host-functions.ts",
    });
  });

  it.each([
    [{}, 'p/wplug.json: "type" must be "contract", "plugin" or "host"'],
    [{ type: "plugins" }, 'p/wplug.json: "type" must be "contract", "plugin" or "host"'],
    [{ type: "plugin" }, 'p/wplug.json: "contract" is missing'],
    [{ type: "plugin", contract: 1 }, 'p/wplug.json: "contract" must be a string'],
    [
      { type: "plugin", contract: "c", language: "cobol" },
      'p/wplug.json: "language" must be one of "assemblyscript", "go", "tinygo", not "cobol"',
    ],
    [
      { type: "plugin", contracts: ["c"] },
      'p/wplug.json: "contracts" is not known; a plugin has "type", "contract", "language"',
    ],
    [{ type: "host" }, 'p/wplug.json: "contracts" is missing'],
    [{ type: "host", contracts: "c" }, 'p/wplug.json: "contracts" must be a list of strings'],
    [
      { type: "contract", commitGenerated: "yes" },
      'p/wplug.json: "commitGenerated" must be true or false',
    ],
  ])("names the file and the key of a mistake: %j", (json, message) => {
    expect(() => parse(json)).toThrow(message);
  });

  it("knows the keys that editors complete by the published schema, and no others", () => {
    const schema = readFileSync(join(__dirname, "../../schema.json"), "utf8");
    const { oneOf } = JSON.parse(schema) as {
      oneOf: { properties: Record<string, { const?: string }> }[];
    };
    expect(oneOf.map(({ properties }) => properties["type"]?.const)).toEqual([
      "contract",
      "plugin",
      "host",
    ]);
    for (const { properties } of oneOf) {
      const type = properties["type"]?.const;
      const keys = Object.keys(properties).filter((key) => key !== "$schema");
      expect(() => parse({ type, typo: 1 })).toThrow(
        `a ${type} has ${keys.map((key) => `"${key}"`).join(", ")}`,
      );
    }
  });

  it.each(["", "[]", "null", "{"])("refuses what is no JSON object: %j", (text) => {
    expect(() => parseWplugConfig(text, "p/wplug.json")).toThrow(/^p\/wplug\.json: /);
  });
});
