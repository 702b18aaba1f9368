import { join } from "node:path";

import { totalOf } from "./total-of.js";

const plugin = join(__dirname, "../../plugin/dist/order-plugin.wasm");

it("prices an order in the notation of JSON", async () => {
  const price = '{ "currency": "CURRENCY_USD", "amount": "199" }';
  const order = `{ "currency": "CURRENCY_USD", "items": [{ "price": ${price}, "count": 10 }] }`;
  await expect(totalOf(plugin, order)).resolves.toBe("19.90 USD");
});
