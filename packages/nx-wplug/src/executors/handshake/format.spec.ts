import { formatJunit } from "./format-junit";
import { formatProblem, formatTable } from "./format-table";
import type { HandshakeRow } from "./handshake-row";

const good: HandshakeRow = {
  contract: "greeter-contract",
  host: "shop",
  plugin: "a-plugin",
  service: "greeter.v1.Greeter",
  hostVersion: 2,
  hostVersions: [2],
  pluginVersion: 2,
  missingExports: [],
  unknownImports: [],
  calls: [
    { name: "greeter_say_hello", outcome: "answered", message: "" },
    { name: "greeter_say_bye", outcome: "error", message: "no name" },
  ],
  problems: [],
  digest: "1",
};
const bad: HandshakeRow = {
  ...good,
  host: null,
  plugin: "vendor/<b>.wasm",
  pluginVersion: null,
  calls: [],
  problems: ["API version mismatch, host: 2, plugin: 1", 'a "quote"\n\u0000'],
};

it("makes a table", () => {
  expect(formatTable([good, bad])).toBe(
    [
      "contract          host  plugin           service             versions  calls                result",
      "greeter-contract  shop  a-plugin         greeter.v1.Greeter  v2 / v2   1 answered, 1 error  ok",
      "greeter-contract  -     vendor/<b>.wasm  greeter.v1.Greeter  v2 / ?    -                    FAILED",
    ].join("\n"),
  );
});

it("names all versions that a host serves in a table", () => {
  const old: HandshakeRow = { ...good, hostVersion: 1, hostVersions: [1, 2], pluginVersion: 1 };
  expect(formatTable([old])).toContain("  v1 v2 / v1  ");
});

it("names both sides of a problem", () => {
  expect(formatProblem({ ...bad, host: "shop" }, "API version mismatch, host: 2, plugin: 1")).toBe(
    "vendor/<b>.wasm does not fit shop: API version mismatch, host: 2, plugin: 1 (greeter.v1.Greeter)",
  );
});

it("makes JUnit XML, in which nothing of a text becomes markup", () => {
  expect(formatJunit([good, bad])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="handshake" tests="2" failures="1">
  <testsuite name="shop" tests="1" failures="0">
    <testcase classname="greeter.v1.Greeter" name="a-plugin"/>
  </testsuite>
  <testsuite name="greeter-contract" tests="1" failures="1">
    <testcase classname="greeter.v1.Greeter" name="vendor/&#60;b&#62;.wasm">
      <failure message="vendor/&#60;b&#62;.wasm does not fit greeter-contract: API version mismatch, host: 2, plugin: 1 (greeter.v1.Greeter)"/>
      <failure message="vendor/&#60;b&#62;.wasm does not fit greeter-contract: a &#34;quote&#34;&#10;\uFFFD (greeter.v1.Greeter)"/>
    </testcase>
  </testsuite>
</testsuites>
`);
});
