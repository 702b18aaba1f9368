import { formatHtml } from "./format-html";
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

describe("the page", () => {
  const both = formatHtml([good, bad, { ...good, plugin: "b-plugin", contract: "other-contract" }]);

  it("has a matrix for each contract, with a head for each row and column", () => {
    expect(both).toContain('<html lang="en">');
    expect(both.match(/<caption>/g)).toHaveLength(2);
    expect(both).toContain('<th scope="row">b-plugin</th>');
    expect(both).toContain(
      '<th scope="col">shop<br><small>greeter.v1.Greeter v2</small></th>\n' +
        '<th scope="col">no host<br><small>greeter.v1.Greeter v2</small></th>',
    );
    expect(both).toContain(
      '<td class="ok">\u2713 ok v2<br><small>1 answered, 1 error</small></td>',
    );
    expect(both).toContain("<td>not checked</td>");
  });

  it("says what is wrong first, and leads to it from the matrix", () => {
    expect(both).toContain("<title>Handshake: 1 failed</title>");
    expect(both).toContain('<p class="failed">1 of 3 do not fit.</p>');
    expect(both).toContain('<li id="problem-1">vendor/&#60;b&#62;.wasm does not fit');
    expect(both).toContain('<a href="#problem-1">\u2717 failed</a>');
    expect(formatHtml([good])).toContain('<p class="ok">All fit: 1 of 1.</p>');
    expect(formatHtml([good])).not.toContain("<li");
    expect(formatHtml([])).toContain("There is no plugin to check.");
  });

  it("loads nothing, runs nothing, and makes no markup of a text", () => {
    expect(both).not.toMatch(/<script|<link|<img|\bon\w+=|https?:|url\(|@import/);
    expect(both).not.toContain("<b>");
    expect(both).not.toContain("\u0000");
  });

  it("names all versions that a host serves", () => {
    const old: HandshakeRow = { ...good, hostVersion: 1, hostVersions: [1, 2], pluginVersion: 1 };
    expect(formatHtml([old])).toContain("<small>greeter.v1.Greeter v1, v2</small>");
    expect(formatHtml([old])).toContain("ok v1<br>");
  });
});
