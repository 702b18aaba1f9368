import { GreetRequest } from "@wplug-examples/typescript-contract";
import { PluginFailure } from "@wplug/runtime/plugin";

import { PoliteGreeter } from "../src/index.js";

// The class itself, in Node: nothing has to be built, and a debugger stops in it.
describe("the class of the polite greeter", () => {
  const greet = (greeter: PoliteGreeter, name: string) =>
    greeter.sayHello(new GreetRequest({ name }));

  it("greets the named person", async () => {
    await expect(greet(new PoliteGreeter(), " Ada ")).resolves.toEqual({ message: "Hello, Ada" });
  });

  it("fails as the plugin does", async () => {
    await expect(greet(new PoliteGreeter(), " ")).rejects.toThrow(
      new PluginFailure("a name has a letter at least"),
    );
  });
});
