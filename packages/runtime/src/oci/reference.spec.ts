import { parseReference, parseRepository } from "./reference.js";

const digest = `sha256:${"a".repeat(64)}`;

describe("parseReference", () => {
  it.each([
    ["oci://ghcr.io/acme/greeter:1.2", "ghcr.io", "acme/greeter", "1.2", undefined],
    [`oci://ghcr.io/acme/greeter@${digest}`, "ghcr.io", "acme/greeter", undefined, digest],
    [`oci://ghcr.io/a:1@${digest}`, "ghcr.io", "a", "1", digest],
    ["oci://localhost:5000/a/b-c__d.e:v1", "localhost:5000", "a/b-c__d.e", "v1", undefined],
    ["oci://[::1]:5000/a:1", "[::1]:5000", "a", "1", undefined],
  ])("reads %s", (text, host, name, tag, digest) => {
    expect(parseReference(text)).toEqual({ text, host, name, tag, digest });
  });

  it.each([
    [
      "oci://ghcr.io/acme/greeter",
      /^oci:\/\/ghcr\.io\/acme\/greeter: which one\? Add a tag \(:1\.2\) or a digest/,
    ],
    ["oci://ghcr.io/../etc:1", /no name of a repository/],
    ["oci://ghcr.io/Acme/greeter:1", /no name of a repository/],
    ["oci://ghcr.io/a/./b:1", /no name of a repository/],
    ["oci://ghcr.io/a%2f..%2fb:1", /no name of a repository/],
    [`oci://ghcr.io/${"a".repeat(255)}:1`, /no name of a repository/],
    ["oci://ghcr.io/a:1@sha256:zz", /no digest: sha256: and 64 hexadecimal digits$/],
    ["oci://ghcr.io/a:", /no tag/],
    [`oci://ghcr.io/a:${"x".repeat(129)}`, /no tag/],
    ["oci://ghcr.io", /no reference to a plugin in a registry/],
    ["oci:ghcr.io/a:1", /no reference to a plugin in a registry/],
    ["oci://-x/a:1", /its host is no name of a registry/],
    ["oci://evil.com\\@ghcr.io/a:1", /its host is no name of a registry/],
  ])("refuses %s", (text, message) => {
    expect(() => parseReference(text)).toThrow(message);
  });

  it.each([
    "oci://alice:hunter2@ghcr.io/a:1",
    "oci://alice:hun/hunter2@ghcr.io/a:1",
    "oci://ghcr.io/a:1?token=hunter2",
    "oci://ghcr.io/a:1#hunter2",
  ])("does not repeat the secret in %s", (text) => {
    expect(() => parseReference(text)).toThrow(/^(?!.*hunter2)oci:/);
  });
});

it("parseRepository refuses a tag", () => {
  expect(parseRepository("oci://ghcr.io/acme/greeter").name).toBe("acme/greeter");
  expect(() => parseRepository("oci://ghcr.io/acme/greeter:1")).toThrow(
    /without a tag or a digest/,
  );
});
