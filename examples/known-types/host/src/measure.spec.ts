import { join } from "node:path";

import { measure } from "./measure.js";

const plugin = join(__dirname, "../../plugin/dist/known-types-plugin.wasm");

it("measures in the notation of JSON", async () => {
  const lap = { start: "1969-12-31T23:59:59.250Z", end: "1970-01-01T00:00:01Z", name: "epoch" };
  await expect(measure(plugin, JSON.stringify(lap))).resolves.toBe(
    '{"duration":"1.750s","name":"epoch"}',
  );
});

it("says what is no time", async () => {
  await expect(measure(plugin, '{"start": "yesterday"}')).rejects.toThrow("start");
});
