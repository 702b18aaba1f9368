import { MeasureRequest } from "@wplug-examples/known-types-contract";
import { LapTimerPlugin } from "@wplug-examples/known-types-contract/host";

/** Lets a plugin, a wasm file, measure a lap that is given as JSON. Returns the reply in JSON. */
export async function measure(plugin: string, lap: string): Promise<string> {
  await using timer = await LapTimerPlugin.load(plugin);
  const reply = await timer.measure(MeasureRequest.fromJsonString(lap));
  return JSON.stringify(reply);
}
