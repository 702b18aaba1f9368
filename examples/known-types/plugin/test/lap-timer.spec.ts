import { join } from "node:path";

import { LapTimerPlugin } from "@wplug-examples/known-types-contract/host";

const wasm = join(__dirname, "../dist/known-types-plugin.wasm");

describe("the stop watch", () => {
  let timer: LapTimerPlugin;

  beforeAll(async () => {
    timer = await LapTimerPlugin.load(wasm);
  });

  afterAll(() => timer.dispose());

  it("measures across a second", async () => {
    const { duration } = await timer.measure({
      start: { seconds: 10n, nanos: 900_000_000 },
      end: { seconds: 12n, nanos: 100_000_000 },
    });
    expect(duration).toMatchObject({ seconds: 1n, nanos: 200_000_000 });
  });

  it("wants a start and an end", async () => {
    await expect(timer.measure({ start: {} })).rejects.toThrow("a lap has a start and an end");
  });
});
