import type { LoadOptions } from "@wplug/runtime";
import { HostDirectory } from "@wplug/runtime/node";

import { GreeterPlugin } from "../greeter/gen/host.js";
import { InteropPlugin as NextPlugin, OtherPlugin } from "../next/gen/host.js";
import { InteropPlugin, provideCounter, type Host } from "./gen/host.js";
import type { AnyMessage, HostUnderTest, LoadRequest, Outcome } from "./host-under-test.js";

/** Any of the generated clients. */
interface AnyPlugin {
  readonly sync: Record<string, (request: object) => AnyMessage>;
  stats(): { readonly memoryBytes: number };
  dispose(): Promise<void>;
}

export class TypeScriptHost implements HostUnderTest {
  readonly kind = "typescript";
  private plugin: AnyPlugin | undefined;
  private stdout = "";
  private stderr = "";
  private log: string[] = [];

  async load({ plugin: path, as, files }: LoadRequest): Promise<Outcome> {
    await this.close();
    const options: LoadOptions = {
      libraries: [provideCounter({ length: ({ text }) => ({ length: text.length }) })],
      stdout: (text) => void (this.stdout += text),
      stderr: (text) => void (this.stderr += text),
      ...(files === undefined ? {} : { files: { "/data": new HostDirectory(files) } }),
    };
    const host = this.hostFunctions();
    const load = (): Promise<object> => {
      switch (as) {
        case "interop":
          return InteropPlugin.load(path, { ...options, host });
        case "next":
          return NextPlugin.load(path, { ...options, host });
        case "other":
          return OtherPlugin.load(path, { ...options, host });
        case "greeter":
          return GreeterPlugin.load(path, {
            ...options,
            host: { findTitle: ({ name }) => ({ title: name === "Ada" ? "Countess" : "" }) },
          });
      }
    };
    const start = performance.now();
    try {
      this.plugin = (await load()) as AnyPlugin;
    } catch (error) {
      return this.outcome({ error: String(error) });
    }
    return this.outcome({ time: performance.now() - start });
  }

  call(method: string, request: AnyMessage): Promise<Outcome> {
    try {
      const reply = this.method(method)(request).encode();
      return Promise.resolve(this.outcome({ reply }));
    } catch (error) {
      return Promise.resolve(this.outcome({ error: String(error) }));
    }
  }

  repeat(method: string, request: AnyMessage, times: number): Promise<Outcome> {
    const call = this.method(method);
    let error: unknown;
    for (let i = 0; i < times; i++) {
      try {
        error = undefined;
        call(request);
      } catch (thrown) {
        error = thrown;
      }
    }
    return Promise.resolve(this.outcome(error === undefined ? {} : { error: String(error) }));
  }

  time(method: string, request: AnyMessage, milliseconds: number): Promise<Outcome> {
    const call = this.method(method);
    let calls = 0;
    const start = performance.now();
    let elapsed = 0;
    while (elapsed < milliseconds) {
      // Reading the clock costs time too.
      for (let i = 0; i < 20; i++) call(request);
      calls += 20;
      elapsed = performance.now() - start;
    }
    return Promise.resolve(this.outcome({ time: (elapsed * 1000) / calls }));
  }

  async close(): Promise<void> {
    await this.plugin?.dispose();
    this.plugin = undefined;
  }

  /** A method of the loaded plugin. */
  method(name: string): (request: object) => AnyMessage {
    const { sync } = this.plugin ?? {};
    const method = sync?.[name];
    if (method === undefined) throw new Error(`no plugin with ${name}`);
    return (request) => method.call(sync, request);
  }

  private hostFunctions(): Host {
    return {
      answer: ({ text }) => {
        if (text === "fail") throw new Error("the host does not know");
        return { text: text === "large" ? "x".repeat(100_000) : `answer to ${text}` };
      },
      log: ({ text }) => {
        this.log.push(text);
        return {};
      },
      tick: () => ({ text: "tick" }),
    };
  }

  private outcome(part: Partial<Outcome>): Outcome {
    const { stdout, stderr, log } = this;
    this.stdout = "";
    this.stderr = "";
    this.log = [];
    const memory = this.plugin?.stats().memoryBytes ?? 0;
    const { rss } = process.memoryUsage();
    return {
      reply: new Uint8Array(0),
      time: 0,
      resident: rss,
      memory,
      stdout,
      stderr,
      log,
      ...part,
    };
  }
}
