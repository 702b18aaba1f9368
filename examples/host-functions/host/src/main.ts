import { WeatherPlugin } from "@wplug-examples/host-functions-contract/host";

import { hostFunctions } from "./host-functions.js";
import { startWeatherServer } from "./weather-server.js";

async function main(plugins: readonly string[]): Promise<void> {
  await using server = await startWeatherServer();
  // `nx serve` passes the built wasm of every plugin of the contract.
  for (const plugin of plugins) {
    const host = hostFunctions(server.origin, console.error);
    await using weather = await WeatherPlugin.load(plugin, { host });
    const { text } = await weather.report({ city: "Berlin" });
    console.log(text);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
