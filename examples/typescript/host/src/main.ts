import { greetAll } from "./greet-all.js";

// `nx serve` passes the built wasm of every plugin of the contract.
const plugins = process.argv.slice(2);

greetAll(plugins, "wplug").then(
  (greetings) => {
    for (const greeting of greetings) console.log(greeting);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
