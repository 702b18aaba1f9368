import { parsePluginOptions } from "./plugin-options";

describe("parsePluginOptions", () => {
  it("fills in the names that targets have by default, and leaves what it is given alone", () => {
    const options = { buildTargetName: "wasm" };
    expect(parsePluginOptions(options)).toMatchObject({
      buildTargetName: "wasm",
      testTargetName: "test",
      checkVersionTargetName: "check-version",
    });
    expect(options).toEqual({ buildTargetName: "wasm" });
    expect(parsePluginOptions(undefined).buildTargetName).toBe("build");
  });

  it.each([
    [
      { buildTarget: "wasm" },
      /^nx\.json: "buildTarget" is no option of wplug; there are generateTargetName, buildTargetName, /,
    ],
    [{ buildTargetName: 1 }, /^nx\.json: "buildTargetName" of wplug must be the name of a target/],
    [{ buildTargetName: "" }, /^nx\.json: "buildTargetName" of wplug must be the name of a target/],
    [{ buildTargetName: "a:b" }, /^nx\.json: "buildTargetName" of wplug must be the name/],
    [
      { buildTargetName: "test" },
      'nx.json: "buildTargetName" and "testTargetName" of wplug are both "test": each target needs a name of its own',
    ],
    [["build"], "nx.json: the options of wplug must be an object"],
    ["build", "nx.json: the options of wplug must be an object"],
  ])("names the option that is wrong: %j", (options, message) => {
    expect(() => parsePluginOptions(options)).toThrow(message);
  });
});
