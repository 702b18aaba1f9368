import { join } from "node:path";

import { appendCustomSection } from "../wasm/custom-section";

/** A registry in memory, that of the runtime's tests. */
export interface TestRegistry {
  readonly host: string;
  readonly requests: string[];
  stop(): Promise<void>;
}

export function startTestRegistry(): Promise<TestRegistry> {
  const path = join(__dirname, "../../../runtime/src/testing/memory-registry");
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- sources of another package, which tsc must not compile here
  const { MemoryRegistry } = require(path) as {
    MemoryRegistry: { start(): Promise<TestRegistry> };
  };
  return MemoryRegistry.start();
}

/** A module that exports the version of a service, and says that it is a plugin of greeter-contract. */
export function greeterWasm(version: number, typeName = "greeter.v1.Greeter"): Uint8Array {
  const name = Buffer.from("greeter_api_version");
  const module = Buffer.concat([
    Buffer.from("\0asm\x01\0\0\0", "latin1"),
    // Types: one function that returns an i64. Functions: one of it.
    Buffer.from([1, 5, 1, 0x60, 0, 1, 0x7e, 3, 2, 1, 0]),
    Buffer.from([7, name.length + 4, 1, name.length]),
    name,
    Buffer.from([0, 0]),
    // Code: i64.const
    Buffer.from([10, 6, 1, 4, 0, 0x42, version, 0x0b]),
  ]);
  const section = {
    contract: "greeter-contract",
    services: [{ typeName, version }],
  };
  return appendCustomSection(module, "wplug", Buffer.from(JSON.stringify(section)));
}
