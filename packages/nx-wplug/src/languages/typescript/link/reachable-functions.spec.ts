import { reachableFunctions } from "./reachable-functions";

/** A body without variables that calls these functions. */
const body = (...called: number[]) =>
  Uint8Array.of(0, ...called.flatMap((index) => [0x10, index]), 0x0b);

describe("functions that others lead to", () => {
  // Function 0 is imported, 1 is the first with a body.
  const bodies = [body(3), body(1), body(0, 3), body(4), body()];

  it("are those that are called, directly or not, imports too", () => {
    expect([...reachableFunctions(bodies, 1, [1])].sort()).toEqual([0, 1, 3]);
  });

  it("are found where functions call themselves, and each other", () => {
    expect([...reachableFunctions(bodies, 1, [2, 4])].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it("are none where there is nothing to begin with", () => {
    expect(reachableFunctions(bodies, 1, []).size).toBe(0);
  });
});
