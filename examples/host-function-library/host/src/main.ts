import { totalOf } from "./total-of.js";

const order = { customer: "Ada", items: [{ name: "tea", count: 3, price: "250" }] };

async function main(plugins: readonly string[]): Promise<void> {
  // `nx serve` passes the built wasm of every plugin of the contract.
  for (const plugin of plugins) {
    console.log(`${order.customer} pays ${await totalOf(plugin, JSON.stringify(order))}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
