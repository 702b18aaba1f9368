import { join } from "node:path";

import { greetAll } from "./greet-all.js";

const wasmOf = (plugin: string) =>
  join(__dirname, `../../${plugin}/dist/helloworld-${plugin}.wasm`);

it("gets a different greeting from each plugin of the contract", async () => {
  await expect(
    greetAll([wasmOf("plugin-morning"), wasmOf("plugin-evening")], "wplug"),
  ).resolves.toEqual(["Good morning, wplug", "Good evening, wplug"]);
});

it("says which file is not a plugin", async () => {
  await expect(greetAll([__filename], "wplug")).rejects.toThrow(/greet-all\.spec\.ts/);
});
