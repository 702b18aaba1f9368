import { join } from "node:path";

import { GreeterPlugin } from "@wplug-examples/helloworld-contract/host";

describe("the evening greeter", () => {
  let greeter: GreeterPlugin;

  beforeAll(async () => {
    greeter = await GreeterPlugin.load(join(__dirname, "../dist/helloworld-plugin-evening.wasm"));
  });

  afterAll(() => greeter.dispose());

  it("wishes the named person a good evening", async () => {
    expect((await greeter.sayHello({ name: "wplug" })).message).toBe("Good evening, wplug");
  });

  it("greets a name of any script", async () => {
    expect((await greeter.sayHello({ name: "世界 🌍" })).message).toBe("Good evening, 世界 🌍");
  });
});
