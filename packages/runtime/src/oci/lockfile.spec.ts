import { formatLockfile, parseLockfile, type LockedPlugin } from "./lockfile.js";

const locked: LockedPlugin = {
  manifest: `sha256:${"a".repeat(64)}`,
  layer: `sha256:${"b".repeat(64)}`,
  size: 12020,
};

describe("a lockfile", () => {
  it("is sorted, and read as it was written", () => {
    const lockfile = new Map([
      ["oci://b/b:1", locked],
      ["oci://a/a:1", locked],
    ]);
    const text = formatLockfile(lockfile);
    expect(text.indexOf("oci://a/a:1")).toBeLessThan(text.indexOf("oci://b/b:1"));
    expect(text.endsWith("}\n")).toBe(true);
    expect(parseLockfile(text, "wplug-lock.json")).toEqual(lockfile);
  });

  it.each([
    ["", /^l\.json is not JSON: /],
    ["<<<<<<< HEAD", /\(a merge is not resolved: keep one side\)$/],
    ["[]", /^l\.json is not a lockfile of wplug that this version reads$/],
    ['{"version":2,"plugins":{}}', /a newer wplug wrote it$/],
    ['{"version":1,"plugins":[]}', /not a lockfile/],
    [
      '{"version":1,"plugins":{"oci://a":{"manifest":"x"}}}',
      /the entry of "oci:\/\/a" needs "manifest"/,
    ],
  ])("that is %j is refused", (text, message) => {
    expect(() => parseLockfile(text, "l.json")).toThrow(message);
  });
});
