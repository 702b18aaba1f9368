import type { Meter } from "../module/plugin-module.js";

/** Loaded where it is needed: most modules are not metered. */
export async function loadMeter(): Promise<Meter> {
  const { meterModule, meteredOffsets } = await import("../metering/meter.js");
  return { meter: meterModule, offsets: meteredOffsets };
}
