import { Currency, Money } from "./index.js";

it("is the same after a round trip", () => {
  const money = new Money({ currency: Currency.EUR, amount: -5n });
  expect(Money.decode(money.encode())).toEqual(money);
});
