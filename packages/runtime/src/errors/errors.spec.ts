import {
  ApiVersionMismatchError,
  PluginError,
  PluginLoadError,
  PluginTrapError,
} from "./plugin-errors.js";
import { fromErrorRecord, toErrorRecord } from "./error-record.js";
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

/** How many errors there are from this one on, along the causes. */
function causes(error: unknown): number {
  let count = 0;
  for (let it = error; it instanceof Error; it = it.cause) count++;
  return count;
}

describe("an error that travels between threads", () => {
  const sent = (error: unknown): Error => fromErrorRecord(structuredClone(toErrorRecord(error)));

  it("keeps its class, its text and its causes", () => {
    const cause = new RangeError("too deep", { cause: new Error("why") });
    const error = sent(new PluginTrapError("m", { stderr: ["a"], cause }));
    expect(error).toBeInstanceOf(PluginTrapError);
    expect(error).toMatchObject({ message: "m", stderr: ["a"] });
    expect(error.cause).toMatchObject({ name: "RangeError", message: "too deep" });
    expect(causes(error)).toBe(3);
  });

  it("keeps the errors that it stands for", () => {
    const error = sent(new AggregateError([new Error("a"), new RangeError("b")], "both"));
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({
      message: "both",
      errors: [{ message: "a" }, { name: "RangeError" }],
    });
  });

  it("may be its own cause, or refer to itself on the way", () => {
    const error: Error & { errors?: unknown } = new Error("m");
    error.cause = error;
    expect(causes(sent(error))).toBe(1);
    error.cause = new Error("between", { cause: error });
    error.errors = [error, error.cause];
    expect(causes(sent(error))).toBe(2);
  });

  it("takes no more than 32 along, however many it has", () => {
    let error = new Error("first");
    for (let i = 0; i < 100_000; i++) error = new Error("next", { cause: error });
    expect(causes(sent(error))).toBe(32);
    const errors = Array.from({ length: 100_000 }, () => new Error("one of them"));
    expect((sent(new AggregateError(errors)) as AggregateError).errors).toHaveLength(31);
  });

  it("may be anything that can be thrown", () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    const fails = (): never => {
      throw new Error("not to be asked");
    };
    const hostile = Object.defineProperties(new Error(), {
      // First: it is made of the others when it is first looked at.
      stack: { value: 1 },
      ...Object.fromEntries(
        ["message", "name", "code", "cause"].map((key) => [key, { get: fails }]),
      ),
      errors: { value: proxy },
      stderr: { value: [proxy, { toString: fails }] },
    });
    for (const thrown of [undefined, null, 1, Symbol("s"), proxy, Object.create(null), hostile]) {
      expect(sent(thrown)).toBeInstanceOf(Error);
    }
  });

  it("has a text as long as it is", () => {
    const text = "x".repeat(10_000_000);
    expect(sent(new PluginError(text)).message).toBe(text);
  });
});
