import { join } from "node:path";

import { Currency, Money } from "@wplug-examples/money-contract";
import { PricingPlugin } from "@wplug-examples/order-contract/host";

const wasm = join(__dirname, "../dist/order-plugin.wasm");

describe("list prices", () => {
  let pricing: PricingPlugin;

  beforeAll(async () => {
    pricing = await PricingPlugin.load(wasm);
  });

  afterAll(() => pricing.dispose());

  const currency = Currency.EUR;

  it("adds up what the items cost", async () => {
    const total = await pricing.total({
      currency,
      items: [
        { price: { currency, amount: 250n }, count: 2 },
        { price: { currency, amount: 99n }, count: 1 },
      ],
    });
    expect(total).toEqual(new Money({ currency, amount: 599n }));
  });

  it("wants one currency", async () => {
    const items = [{ price: { currency: Currency.USD } }];
    await expect(pricing.total({ currency, items })).rejects.toThrow("an order has one currency");
  });
});
