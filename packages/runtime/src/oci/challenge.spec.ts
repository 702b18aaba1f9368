import { parseChallenges } from "./challenge.js";

function parse(header: string): [string, Record<string, string>][] {
  return parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe("parseChallenges", () => {
  it.each<[string, [string, Record<string, string>][]]>([
    [
      'Bearer realm="https://a/t",service="s, x",scope="repository:a/b:pull,push"',
      [["bearer", { realm: "https://a/t", service: "s, x", scope: "repository:a/b:pull,push" }]],
    ],
    [
      'Basic realm="x", Bearer realm="https://a/t"',
      [
        ["basic", { realm: "x" }],
        ["bearer", { realm: "https://a/t" }],
      ],
    ],
    ["BEARER Realm=https://a/t, error = x", [["bearer", { realm: "https://a/t", error: "x" }]]],
    ['Basic realm="a \\"b\\""', [["basic", { realm: 'a "b"' }]]],
    [
      'Negotiate, Basic realm="a"',
      [
        ["negotiate", {}],
        ["basic", { realm: "a" }],
      ],
    ],
    ["", []],
    ['"', []],
  ])("reads %s", (header, challenges) => {
    expect(parse(header)).toEqual(challenges);
  });

  it("ends with what is not well-formed, also if it is long", () => {
    expect(parse(`Basic realm="${"\\".repeat(50_000)}`)).toEqual([["basic", {}]]);
  });
});
