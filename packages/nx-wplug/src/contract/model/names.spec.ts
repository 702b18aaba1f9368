import { camelCase, claimName, goName, methodName, wasmName } from "./names";

describe("names", () => {
  it.each([
    ["name", "name"],
    ["first_name", "firstName"],
    ["foo__bar_1", "fooBar1"],
    ["trailing_", "trailing"],
    ["_leading", "Leading"],
    ["_", "_"],
    ["_1", "_1"],
    ["__proto__", "Proto"],
  ])("makes field names as protobuf makes JSON names: %s is %s", (name, expected) => {
    expect(camelCase(name)).toBe(expected);
  });

  it.each([
    ["SayHello", "sayHello"],
    ["say_hello", "sayHello"],
    ["HTTPGet", "httpGet"],
    ["GetURL", "getURL"],
    ["URL", "url"],
    ["A", "a"],
  ])("makes method names that start in lower case: %s is %s", (name, expected) => {
    expect(methodName(name)).toBe(expected);
  });

  it.each([
    ["say_hello", "SayHello"],
    ["SayHello", "SayHello"],
    ["_foo", "XFoo"],
    ["foo__bar", "Foo_Bar"],
    ["foo_1a", "Foo_1A"],
    ["Say_Hello", "Say_Hello"],
  ])("knows what Go calls %s: %s", (name, expected) => {
    expect(goName(name)).toBe(expected);
  });

  it.each([
    ["GreeterSayHello", "greeter_say_hello"],
    ["HttpGet", "http_get"],
    ["GreeterHTTPGet", "greeter_http_get"],
    ["FooV2DoIt", "foo_v2_do_it"],
    ["GetURL", "get_url"],
  ])("makes wasm names as go-plugin does: %s is %s", (name, expected) => {
    expect(wasmName(name)).toBe(expected);
  });

  it("appends $ to names that are taken, until they are free", () => {
    const taken = new Set(["a"]);
    expect([claimName("a", taken), claimName("a", taken), claimName("b", taken)]).toEqual([
      "a$",
      "a$$",
      "b",
    ]);
  });
});
