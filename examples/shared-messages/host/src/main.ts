import { totalOf } from "./total-of.js";

const order = `{
  "currency": "CURRENCY_EUR",
  "items": [{ "price": { "currency": "CURRENCY_EUR", "amount": "250" }, "count": 3 }]
}`;

async function main(plugins: readonly string[]): Promise<void> {
  // `nx serve` passes the built wasm of every plugin of the contract.
  for (const plugin of plugins) console.log(await totalOf(plugin, order));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
