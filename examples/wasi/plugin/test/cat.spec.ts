import { join } from "node:path";

import { CatPlugin } from "@wplug-examples/wasi-contract/host";
import { MemoryFiles } from "@wplug/runtime";

const wasm = join(__dirname, "../dist/wasi-plugin.wasm");

it("shows a file", async () => {
  const files = { "/data": new MemoryFiles({ "poem.txt": "Roses are red" }) };
  await using cat = await CatPlugin.load(wasm, { files });
  await expect(cat.show({ path: "/data/poem.txt" })).resolves.toMatchObject({
    text: "Roses are red",
  });
  await expect(cat.show({ path: "/data/none" })).rejects.toThrow(
    "can't read /data/none: there is no such file or directory",
  );
});
