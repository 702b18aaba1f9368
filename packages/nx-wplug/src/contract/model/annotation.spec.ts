import { isAnnotation, parseAnnotation } from "./annotation";

describe("parseAnnotation", () => {
  it("reads a plugin service with its version", () => {
    expect(parseAnnotation(" go:plugin type=plugin version=12")).toEqual({
      type: "plugin",
      version: 12,
    });
  });

  it("reads a host service, whose module is env unless it says otherwise", () => {
    expect(parseAnnotation("go:plugin type=host")).toEqual({ type: "host", module: "env" });
    expect(parseAnnotation("go:plugin module=json-parser type=host")).toEqual({
      type: "host",
      module: "json-parser",
    });
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
    ["go:plugin type=plugin", 'version is missing: write "// go:plugin type=plugin version=1"'],
    [
      "go:plugin type=plugin version=x",
      'version must be a whole number, not "x": write "// go:plugin type=plugin version=1"',
    ],
    [
      "go:plugin type=plugin version=-1",
      'version must be a whole number, not "-1": write "// go:plugin type=plugin version=1"',
    ],
    [
      "go:plugin type=plugin version=1 module=env",
      'unknown key "module": type=plugin has type and version',
    ],
    ["go:plugin type=host version=1", 'unknown key "version": type=host has type and module'],
    ["go:plugin type=plugin version=1 version=2", "version is given twice: remove one"],
    [
      "go:plugin type=plugin version",
      '"version" is not key=value: write "// go:plugin type=plugin version=1"',
    ],
  ])("refuses %s", (line, message) => {
    expect(() => parseAnnotation(line)).toThrow(new Error(message));
  });

  it("takes only lines that begin with the marker for annotations", () => {
    expect(isAnnotation(" go:plugin type=plugin")).toBe(true);
    expect(isAnnotation(" see go:plugin type=plugin")).toBe(false);
  });
});
