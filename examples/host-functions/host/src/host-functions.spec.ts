import { join } from "node:path";

import { WeatherPlugin } from "@wplug-examples/host-functions-contract/host";
import { HostFunctionError } from "@wplug/runtime";

import { hostFunctions } from "./host-functions.js";
import { startWeatherServer } from "./weather-server.js";

const plugin = join(__dirname, "../../plugin/dist/host-functions-plugin.wasm");

it("gets pages and logs for the plugin", async () => {
  await using server = await startWeatherServer();
  const lines: string[] = [];
  const host = hostFunctions(server.origin, (line) => lines.push(line));
  await using weather = await WeatherPlugin.load(plugin, { host });
  const reports = await Promise.all(["Berlin", "Rome"].map((city) => weather.report({ city })));
  expect(reports.map(({ text }) => text)).toEqual(["Berlin: rain", "Rome: sunshine"]);
  await expect(weather.report({ city: "Atlantis" })).rejects.toThrow(
    "nothing is known about the weather in Atlantis",
  );
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: "INFO", message: "report", city: "Berlin", status: "200" },
    { level: "INFO", message: "report", city: "Rome", status: "200" },
    { level: "WARN", message: "no report", city: "Atlantis", status: "404" },
  ]);
});

it("gets nothing from other servers", async () => {
  await using server = await startWeatherServer();
  const host = hostFunctions(server.origin, () => {});
  await using weather = await WeatherPlugin.load(plugin, { host });
  const call = weather.report({ city: "/evil.example" });
  await expect(call).rejects.toBeInstanceOf(HostFunctionError);
  await expect(call).rejects.toThrow("//evil.example is on another server");
});
