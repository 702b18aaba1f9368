import { CheckoutPlugin } from "@wplug-examples/host-function-library-contract/host";

import { jsonParser } from "./json-parser.js";

/** What the plugin, a wasm file, says that an order costs. */
export async function totalOf(plugin: string, order: string): Promise<bigint> {
  await using checkout = await CheckoutPlugin.load(plugin, { libraries: [jsonParser] });
  const { total } = await checkout.total({ order });
  return total;
}
