import { join } from "node:path";

import { GreeterPlugin } from "@wplug-examples/typescript-contract/host";

describe("the polite greeter", () => {
  let greeter: GreeterPlugin;

  beforeEach(async () => {
    greeter = await GreeterPlugin.load(join(__dirname, "../dist/typescript-plugin.wasm"));
  });

  afterEach(() => greeter.dispose());

  it("greets the named person", async () => {
    expect((await greeter.sayHello({ name: " 世界 🌍 " })).message).toBe("Hello, 世界 🌍");
  });

  it("knows whom it has greeted before, until it is loaded once more", async () => {
    await greeter.sayHello({ name: "Ada" });
    expect((await greeter.sayHello({ name: "Ada" })).message).toBe("Hello again, Ada");
    expect((await greeter.sayHello({ name: "Bob" })).message).toBe("Hello, Bob");
  });

  it("refuses what zod refuses", async () => {
    await expect(greeter.sayHello({ name: " " })).rejects.toThrow("a name has a letter at least");
  });
});
