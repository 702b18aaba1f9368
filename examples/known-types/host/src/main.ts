import { measure } from "./measure.js";

const lap = '{ "start": "2026-11-23T10:00:00Z", "end": "2026-11-23T10:01:23.456Z", "name": 1 }';

async function main(plugins: readonly string[]): Promise<void> {
  // `nx serve` passes the built wasm of every plugin of the contract.
  for (const plugin of plugins) console.log(await measure(plugin, lap));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
