import { join } from "node:path";

import { GreeterPlugin } from "@wplug-examples/helloworld-contract/host";

describe("the morning greeter", () => {
  let greeter: GreeterPlugin;

  beforeAll(async () => {
    greeter = await GreeterPlugin.load(join(__dirname, "../dist/helloworld-plugin-morning.wasm"));
  });

  afterAll(() => greeter.dispose());

  it("wishes the named person a good morning", async () => {
    expect((await greeter.sayHello({ name: "wplug" })).message).toBe("Good morning, wplug");
  });

  it("greets a name of any script", async () => {
    expect((await greeter.sayHello({ name: "世界 🌍" })).message).toBe("Good morning, 世界 🌍");
  });
});
