import { join } from "node:path";

import { CheckoutPlugin } from "@wplug-examples/host-function-library-contract/host";

import { totalOf } from "./total-of.js";

const plugin = join(__dirname, "../../plugin/dist/host-function-library-plugin.wasm");

it("parses the order for the plugin", async () => {
  const order = { items: [{ count: 4, price: 250 }] };
  await expect(totalOf(plugin, JSON.stringify(order))).resolves.toBe(750n);
});

it("says what is wrong with an order", async () => {
  await expect(totalOf(plugin, '{"items": [{"count": "many"}]}')).rejects.toThrow(
    /not an order: JsonError: .*items\[0\]\.count/,
  );
});

it("does not load the plugin without the library", async () => {
  await expect(CheckoutPlugin.load(plugin)).rejects.toThrow(
    "plugin imports json-parser.parse_order (library.JsonParser.ParseOrder), which the host does not provide",
  );
});
