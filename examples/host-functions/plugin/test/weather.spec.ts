import { join } from "node:path";

import { Level } from "@wplug-examples/host-functions-contract";
import { WeatherPlugin, type HostFunctions } from "@wplug-examples/host-functions-contract/host";

const wasm = join(__dirname, "../dist/host-functions-plugin.wasm");

it("reports what the weather service says, and logs it", async () => {
  const logged: unknown[] = [];
  const host: HostFunctions = {
    httpGet: ({ path }) => ({ status: 200, body: `page ${path}` }),
    log: ({ level, message, fields }) => {
      logged.push([level, message, Object.fromEntries(fields)]);
      return {};
    },
  };
  await using weather = await WeatherPlugin.load(wasm, { host });
  await expect(weather.report({ city: "Oslo" })).resolves.toMatchObject({
    text: "Oslo: page /oslo",
  });
  expect(logged).toEqual([[Level.INFO, "report", { city: "Oslo", status: "200" }]]);
});
