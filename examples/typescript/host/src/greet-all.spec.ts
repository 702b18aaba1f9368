import { join } from "node:path";

import { greetAll } from "./greet-all.js";

const wasm = join(__dirname, "../../plugin/dist/typescript-plugin.wasm");

it("gets a greeting from a plugin in TypeScript", async () => {
  await expect(greetAll([wasm], "wplug")).resolves.toEqual(["Hello, wplug"]);
});

it("says which file is not a plugin", async () => {
  await expect(greetAll([__filename], "wplug")).rejects.toThrow(/greet-all\.spec\.ts/);
});
