import { findReplacingDefault, withExecutorDefaults } from "./target-defaults";

const HOSTILE = { dependsOn: ["^build"] };

describe("findReplacingDefault", () => {
  const find = (defaults: Record<string, object>) =>
    findReplacingDefault(defaults, "build", "wplug:build");

  it.each([
    [{ build: HOSTILE }, "build"],
    [{ build: { inputs: ["production"] } }, "build"],
    [{ "b*": HOSTILE }, "b*"],
    [{ "*": {}, "b*": HOSTILE }, "b*"],
    // The lists of Nx 23.
    [{ build: [{ filter: { projects: ["a"] }, ...HOSTILE }] }, "build"],
  ])("finds what holds for a target of wplug: %j", (defaults, key) => {
    expect(find(defaults)).toBe(key);
  });

  it.each([
    [{}],
    [{ test: HOSTILE, "t*": HOSTILE }],
    [{ build: { cache: true } }],
    [{ build: HOSTILE, "wplug:build": {} }],
  ])("finds none in %j", (defaults) => {
    expect(find(defaults)).toBeUndefined();
  });
});

describe("withExecutorDefaults", () => {
  it("adds what is missing, and nothing twice", () => {
    const first = withExecutorDefaults({ build: HOSTILE, "wplug:test": { cache: false } });
    expect(first).toMatchObject({
      build: HOSTILE,
      "wplug:build": {},
      "wplug:test": { cache: false },
    });
    expect(withExecutorDefaults(first)).toBeUndefined();
  });
});
