import {
  type Greeter,
  type GreetRequest,
  registerGreeter,
} from "@wplug-examples/typescript-contract/plugin";
import { fail } from "@wplug/runtime/plugin";
import { z } from "zod";

// A package from npm, in the plugin.
const Name = z.string().trim().min(1, "a name has a letter at least").max(40);

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export class PoliteGreeter implements Greeter {
  // State lives as long as the instance.
  private readonly greeted = new Map<string, number>();

  async sayHello(request: GreetRequest) {
    const name = Name.safeParse(request.name);
    if (!name.success) return fail(name.error.issues.map(({ message }) => message).join("; "));
    // The host waits: it is one call for it.
    await sleep(1);
    const times = (this.greeted.get(name.data) ?? 0) + 1;
    this.greeted.set(name.data, times);
    return { message: times === 1 ? `Hello, ${name.data}` : `Hello again, ${name.data}` };
  }
}

registerGreeter(new PoliteGreeter());
