import { newCargoLock } from "./cargo-lock";

describe("newCargoLock", () => {
  it.each(["aaa", "greeter-plugin", "zzz"])("has %s in the order of Cargo", (name) => {
    const names = [...newCargoLock(name).matchAll(/^name = "(.*)"$/gm)].map((match) => match[1]);
    expect(names).toContain(name);
    expect(names).toContain("prost");
    expect(names).toEqual([...names].sort());
  });
});
