import { GreeterPlugin } from "@wplug-examples/typescript-contract/host";

/** Loads every plugin and returns its greeting for `name`, in the order of `plugins` (paths of wasm files). */
export async function greetAll(plugins: readonly string[], name: string): Promise<string[]> {
  const greetings: string[] = [];
  for (const plugin of plugins) {
    await using greeter = await GreeterPlugin.load(plugin);
    const reply = await greeter.sayHello({ name });
    greetings.push(reply.message);
  }
  return greetings;
}
