import {
  Checkout,
  JsonParser,
  ParseOrderReply_ResultCase,
  ParseOrderRequest,
  registerCheckout,
  TotalReply,
  TotalRequest,
} from "@wplug-examples/host-function-library-contract/assembly";
import { fail } from "@wplug/runtime/assembly";

class FriendlyCheckout implements Checkout {
  total(request: TotalRequest): TotalReply {
    const text = new ParseOrderRequest();
    text.json = request.order;
    const parsed = new JsonParser().parseOrder(text);
    if (parsed.resultCase == ParseOrderReply_ResultCase.error) {
      return fail<TotalReply>("not an order: " + parsed.error);
    }
    const order = parsed.order;
    // A parser that answers with neither.
    if (order == null) return fail<TotalReply>("not an order");
    const reply = new TotalReply();
    for (let i = 0; i < order.items.length; i++) {
      const item = order.items[i];
      // Every third one is free.
      reply.total += item.price * (item.count - item.count / 3);
    }
    return reply;
  }
}

registerCheckout(new FriendlyCheckout());
