import { isAnnotation, parseAnnotation, type Annotation } from "./annotation";

/** The annotation, and what was warned of. */
function parse(...lines: string[]): [Annotation, ...string[]] {
  const warnings: string[] = [];
  const annotation = parseAnnotation(lines, ({ message, line }) => {
    warnings.push(`${line}: ${message}`);
  });
  return [annotation, ...warnings];
}

describe("parseAnnotation", () => {
  it("reads a plugin service with its version, which is 1 unless it says otherwise", () => {
    expect(parse(" go:plugin type=plugin version=12")).toEqual([{ type: "plugin", version: 12 }]);
    expect(parse("go:plugin type=plugin")).toEqual([{ type: "plugin", version: 1 }]);
  });

  it("reads a host service, whose module is env unless it says otherwise", () => {
    expect(parse("go:plugin type=host")).toEqual([{ type: "host", module: "env" }]);
    expect(parse("go:plugin type=host module=json-parser")).toEqual([
      { type: "host", module: "json-parser" },
    ]);
  });

  it("takes several lines for one, and a value that is given twice, as go-plugin does", () => {
    expect(parse("go:plugin type=plugin", "go:plugin version=3 type=plugin")).toEqual([
      { type: "plugin", version: 3 },
    ]);
  });

  it.each([
    [["go:plugin type=plugin verison=2"], 1, '0: unknown key "verison"'],
    [["go:plugin type=plugin version=3", "go:plugin Version=2"], 3, '1: unknown key "Version"'],
    [["go:plugin type=plugin module=env"], 1, '0: unknown key "module"'],
    [["go:plugin type=plugin version"], 1, '0: "version" is not key=value'],
    [["go:plugin type=plugin version= 2"], 1, '0: "version=" is not key=value'],
    [["go:plugin type=plugin version=2 =5"], 2, '0: "=5" is not key=value'],
  ])("ignores what go-plugin ignores, with a warning: %j", (lines, version, warning) => {
    const [annotation, ...warnings] = parse(...lines);
    expect(annotation).toEqual({ type: "plugin", version });
    expect([...new Set(warnings)].slice(0, 1)).toEqual([
      `${warning}, which is ignored: type=plugin has type and version`,
    ]);
  });

  it("warns of a key that the other type has", () => {
    expect(parse("go:plugin type=host version=1")).toEqual([
      { type: "host", module: "env" },
      '0: unknown key "version", which is ignored: type=host has type and module',
    ]);
  });

  it.each([
    [
      "go:plugin type=foo",
      'unknown type "foo": use type=plugin for a service that plugins implement, type=host for functions that the host offers to plugins',
    ],
    [
      "go:plugin version=1",
      'type is missing: write "// go:plugin type=plugin version=1", or "// go:plugin type=host" for functions that the host offers to plugins',
    ],
    [
      "go:plugin type=plugin version=x",
      'version must be a whole number, not "x": write "// go:plugin type=plugin version=1"',
    ],
    [
      "go:plugin type=plugin version=-1",
      'version must be a whole number, not "-1": write "// go:plugin type=plugin version=1"',
    ],
    ["go:plugin type=plugin version=1 version=2", "version is given twice: remove one"],
    [
      "go:plugin module=json-parser type=host",
      'module comes before type, where go-plugin overlooks it: write "// go:plugin type=host module=json-parser"',
    ],
  ])("refuses what nobody can mean: %s", (line, message) => {
    expect(() => parse(line)).toThrow(message);
  });

  it("takes only lines that begin with the marker for annotations", () => {
    expect(isAnnotation(" go:plugin type=plugin")).toBe(true);
    expect(isAnnotation(" see go:plugin type=plugin")).toBe(false);
  });
});
