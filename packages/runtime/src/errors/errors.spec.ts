import { PluginError, PluginLoadError, ApiVersionMismatchError } from "./plugin-errors.js";
import { WplugError } from "./wplug-error.js";

describe("the error family", () => {
  it("is an instance of its own class, of the classes above and of no other", () => {
    const error = new ApiVersionMismatchError("m", 2n, 1n);
    expect(error).toBeInstanceOf(ApiVersionMismatchError);
    expect(error).toBeInstanceOf(PluginLoadError);
    expect(error).toBeInstanceOf(WplugError);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(PluginError);
    expect(new PluginLoadError("m")).not.toBeInstanceOf(ApiVersionMismatchError);
    expect(error.name).toBe("ApiVersionMismatchError");
  });

  it("recognises errors of another copy of the package", async () => {
    jest.resetModules();
    const copy = await import("./plugin-errors.js");
    expect(copy.PluginError).not.toBe(PluginError);
    const foreign = new copy.ApiVersionMismatchError("m", 2n, 1n);
    expect(foreign).toBeInstanceOf(ApiVersionMismatchError);
    expect(foreign).toBeInstanceOf(PluginLoadError);
    expect(foreign).not.toBeInstanceOf(PluginError);
  });

  it("keeps the ordinary rule for a subclass of the application", () => {
    class Quota extends PluginError {}
    expect(new Quota("m")).toBeInstanceOf(Quota);
    expect(new Quota("m")).toBeInstanceOf(PluginError);
    expect(new PluginError("m")).not.toBeInstanceOf(Quota);
  });

  it("is no instance of anything if it is not an object", () => {
    const values: unknown[] = [undefined, null, "PluginError", 1];
    for (const value of values) expect(value instanceof PluginError).toBe(false);
  });
});
