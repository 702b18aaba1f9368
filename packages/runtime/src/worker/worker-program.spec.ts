import { builtinModules } from "node:module";

import { program } from "#worker-program";

/** Each plugin in a worker waits for all that its thread loads. */
describe("what a thread of a plugin runs", () => {
  it("loads none of Node's modules at its start but those that each thread has anyway", () => {
    const loaded = builtinModules.filter((name) =>
      new RegExp(`require\\("(node:)?${name}"\\)`).test(program),
    );
    expect(loaded.sort()).toEqual(["fs", "worker_threads"]);
  });

  it("has no client of registries in it, which a thread has no use for", () => {
    expect(program).not.toContain("docker-content-digest");
    expect(program.length).toBeLessThan(75_000);
  });
});
