import { Currency, type Money } from "@wplug-examples/money-contract";
import { Order } from "@wplug-examples/order-contract";
import { PricingPlugin } from "@wplug-examples/order-contract/host";

/** Lets a plugin, a wasm file, price an order that is given as JSON. */
export async function totalOf(plugin: string, order: string): Promise<string> {
  await using pricing = await PricingPlugin.load(plugin);
  return format(await pricing.total(Order.fromJsonString(order)));
}

function format({ currency, amount }: Money): string {
  return `${(Number(amount) / 100).toFixed(2)} ${Currency[currency]}`;
}
