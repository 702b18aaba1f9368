import {
  Checkout,
  JsonParser,
  ParseOrderReply_ResultCase,
  registerCheckout,
  TotalReply,
  TotalRequest,
} from "@wplug-examples/host-function-library-contract/assembly";
import { fail } from "@wplug/runtime/assembly";

class FriendlyCheckout implements Checkout {
  total(request: TotalRequest): TotalReply {
    const parsed = new JsonParser().parseOrder({ json: request.order });
    if (parsed.resultCase == ParseOrderReply_ResultCase.error) {
      return fail<TotalReply>("not an order: " + parsed.error);
    }
    const order = parsed.order!;
    let total: i64 = 0;
    for (let i = 0; i < order.items.length; i++) {
      const item = order.items[i];
      // Every third one is free.
      total += item.price * (item.count - item.count / 3);
    }
    return { total: total };
  }
}

registerCheckout(new FriendlyCheckout());
