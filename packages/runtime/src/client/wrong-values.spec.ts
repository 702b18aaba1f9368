import { HostFunctionError, WireError, type HostFunction, type LoadOptions } from "../index.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

const ASKS = {
  imports: `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`,
  sayHello: `(call $ask (local.get $ptr) (local.get $size))`,
};

/** A plugin that asks the host, and whose host function answers with this. */
async function load(
  answer: unknown,
  options: LoadOptions,
  isAsync: boolean,
): Promise<GreeterPlugin> {
  const ask: HostFunction = {
    module: "env",
    name: "ask",
    input: Inner,
    output: Inner,
    isAsync,
    call: () => (isAsync ? Promise.resolve(answer) : answer) as object,
  };
  return GreeterPlugin.load(await wat(greeter(ASKS)), {
    ...options,
    libraries: [{ functions: [ask] }],
  });
}

const wrong: [string, unknown, string][] = [
  ["undefined", undefined, ": expected an object with its fields, got undefined"],
  ["null", null, ": expected an object with its fields, got null"],
  ["a string", "hello", ': expected an object with its fields, got "hello"'],
  ["a number", 5, ": expected an object with its fields, got 5"],
  ["a symbol", Symbol("x"), ": expected an object with its fields, got Symbol(x)"],
  ["an array", [], ": expected an object with its fields, got an object (Array)"],
  ["bytes", Uint8Array.of(1), ": expected an object with its fields, got an object (Uint8Array)"],
  ["a field of another type", { name: 5n }, ".name: expected a string, got 5n"],
  [
    "a message of another type",
    { inner: [] },
    ".inner: expected test.v1.Inner, got an object (Array)",
  ],
];

describe.each([
  ["a function that answers at once", {}, false],
  ["an async function", {}, true],
  ["an async function, in a worker", { isolation: "worker" }, true],
] as const)("the answer of %s", (_, options, isAsync) => {
  it.each(wrong)("is refused if it is %s", async (_, answer, reason) => {
    const plugin = await load(answer, options, isAsync);
    const error: unknown = await plugin.sayHello({}).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(HostFunctionError);
    expect((error as Error).message).toBe(`host function env.ask failed: test.v1.Inner${reason}`);
    expect((error as Error).cause).toBeInstanceOf(WireError);
    await plugin.dispose();
  });

  it("may be a plain object, without prototype as well, and empty", async () => {
    const answer = Object.assign(Object.create(null) as object, {
      name: "x",
      inner: Object.create(null),
    });
    const plugin = await load(answer, options, isAsync);
    expect(await plugin.sayHello({})).toEqual(new Inner({ name: "x", inner: {} }));
    await plugin.dispose();
  });
});

describe.each([{}, { isolation: "worker" }] as const)("a request, with %j", (options) => {
  it.each(wrong)("is refused if it is %s, and the plugin goes on", async (_, request, reason) => {
    const plugin = await load({}, options, false);
    const error: unknown = await plugin.sayHello(request as object).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(WireError);
    expect((error as Error).message).toBe(`test.v1.Inner${reason}`);
    expect(await plugin.sayHello({})).toEqual(new Inner());
    await plugin.dispose();
  });
});
