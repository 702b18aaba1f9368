import { readFileSync } from "node:fs";

import { inspect } from "@wplug/runtime";

import { emitHostSdk } from "../../../host-sdk";
import { contractOf } from "../../../testing/compile-inline";
import { loadGenerated } from "../../../testing/load-generated";
import { PROTO } from "./plugin-folder";

/** What the tests use of the generated SDK for hosts. */
interface Sdk {
  readonly TesterPlugin: {
    load(source: Uint8Array, options: object): Promise<LoadedPlugin>;
  };
}

interface LoadedPlugin {
  run(request: { text: string }): Promise<{ readonly text: string }>;
  stats(): { readonly memoryBytes: number };
  dispose(): Promise<void>;
}

export interface LoadedTester {
  /** Calls the only rpc. */
  run(text: string): Promise<string>;
  stdout(): string;
  stderr(): string;
  /** Bytes of its memory. */
  memory(): number;
  readonly hostFunctions: readonly unknown[];
  dispose(): Promise<void>;
}

let sdk: Promise<Sdk> | undefined;

/**
 * Loads a plugin by the host's SDK of its contract.
 *
 * @param options LoadOptions beside those that are set here
 */
export async function loadTester(path: string, options: object = {}): Promise<LoadedTester> {
  sdk ??= loadGenerated<Sdk>(emitHostSdk(contractOf({ "test.proto": PROTO })), "host.ts");
  const { TesterPlugin } = await sdk;
  const output = { stdout: "", stderr: "" };
  const bytes = readFileSync(path);
  const write = (to: keyof typeof output) => (part: Uint8Array) => {
    output[to] += Buffer.from(part).toString();
  };
  const plugin = await TesterPlugin.load(bytes, {
    host: { answer: ({ text }: { text: string }) => ({ text: `answer to ${text}` }) },
    stdout: write("stdout"),
    stderr: write("stderr"),
    ...options,
  });
  return {
    run: async (text) => (await plugin.run({ text })).text,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    memory: () => plugin.stats().memoryBytes,
    hostFunctions: (await inspect(bytes)).hostFunctions,
    dispose: () => plugin.dispose(),
  };
}
