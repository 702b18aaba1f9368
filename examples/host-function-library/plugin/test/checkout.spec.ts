import { join } from "node:path";

import {
  CheckoutPlugin,
  provideJsonParser,
} from "@wplug-examples/host-function-library-contract/host";

const wasm = join(__dirname, "../dist/host-function-library-plugin.wasm");

it("gives every third item for free", async () => {
  const parser = provideJsonParser({
    parseOrder: () => ({
      result: { case: "order", value: { items: [{ count: 7, price: 100n }] } },
    }),
  });
  await using checkout = await CheckoutPlugin.load(wasm, { libraries: [parser] });
  await expect(checkout.total({ order: "" })).resolves.toMatchObject({ total: 500n });
});
