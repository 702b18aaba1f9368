import { goPackage, goTypeName } from "./go-names";

describe("goPackage", () => {
  it.each([
    ["greeter.v1", "gen/greeter/v1", "greeterv1"],
    ["acme.my_shop.v1beta2", "gen/acme/my_shop/v1beta2", "myshopv1beta2"],
    ["acme.shop", "gen/acme/shop", "shop"],
    ["acme.type", "gen/acme/type", "typepb"],
    ["v1", "gen/v1", "v1"],
    ["", "gen", "gen"],
  ])("of the package %j is %s, called %s", (protoPackage, folder, name) => {
    expect(goPackage(protoPackage)).toEqual({ folder, name });
  });
});

describe("goTypeName", () => {
  it.each([
    ["GreetRequest", "GreetRequest"],
    ["greet_request", "GreetRequest"],
    ["Outer.Inner", "Outer_Inner"],
    ["Outer.inner", "OuterInner"],
    ["Outer._inner", "Outer_XInner"],
    ["http2request", "Http2Request"],
    ["A_1", "A_1"],
  ])("of %s is %s", (name, expected) => {
    expect(goTypeName(name)).toBe(expected);
  });
});
