import { join } from "node:path";

import { openCat } from "./open-cat.js";

async function main(plugins: readonly string[]): Promise<void> {
  // `nx serve` passes the built wasm of every plugin of the contract.
  for (const plugin of plugins) {
    await using cat = await openCat(plugin, join(import.meta.dirname, "../data"));
    console.log((await cat.show({ path: "/data/poem.txt" })).text);
    for (const path of ["/etc/passwd", "/data/../package.json"]) {
      const refusal = await cat.show({ path }).catch(String);
      console.log(refusal);
    }
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
