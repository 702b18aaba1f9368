import { Currency, Money } from "@wplug-examples/money-contract";

import { Item, Order } from "./index.js";

it("has the class of the other contract, and no copy of it", () => {
  const price = new Money({ currency: Currency.EUR, amount: 250n });
  const item = Item.decode(new Item({ price, count: 2 }).encode());
  expect(item.price).toBeInstanceOf(Money);
});

it("has its JSON too", () => {
  const json = { currency: "CURRENCY_USD", items: [{ price: { amount: "5" }, count: 1 }] };
  expect(Order.fromJson(json).toJson()).toEqual(json);
});
