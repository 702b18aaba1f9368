import { Money } from "@wplug-examples/money-contract/assembly";
import { Order, Pricing, registerPricing } from "@wplug-examples/order-contract/assembly";
import { fail } from "@wplug/runtime/assembly";

class ListPrices implements Pricing {
  total(order: Order): Money {
    const total = new Money();
    total.currency = order.currency;
    for (let i = 0; i < order.items.length; i++) {
      const item = order.items[i];
      const price = item.price;
      if (price === null) return fail<Money>("an item has a price");
      if (price.currency != order.currency) return fail<Money>("an order has one currency");
      total.amount += price.amount * item.count;
    }
    return total;
  }
}

registerPricing(new ListPrices());
