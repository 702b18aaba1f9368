import { Order } from "./index.js";

it("reads the JSON that shops store", () => {
  const order = Order.fromJson({ items: [{ name: "tea", count: 2, price: "250" }] });
  expect(order.items[0]?.price).toBe(250n);
});
