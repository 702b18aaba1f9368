import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "esbuild";

import { UserError } from "../../project/user-error";
import type { TaskProject } from "../run-task";

/** The parts of a service's description that tables show. The SDK's own runtime reads the rest. */
export interface HostService {
  readonly typeName: string;
  readonly version: number;
}

export interface HandshakeReport {
  readonly hostVersion: number;
  readonly pluginVersion: number | undefined;
  readonly missingExports: readonly string[];
  readonly unknownImports: readonly string[];
  readonly problems: readonly string[];
}

/** What a contract's generated host SDK offers to the handshake. */
export interface HostSdk {
  /** Services of the contract, as the loaders in the SDK describe them. */
  readonly services: readonly HostService[];
  /** The runtime's check, of the very version of the runtime that the SDK uses. */
  checkHandshake(wasm: string, service: HostService): Promise<HandshakeReport>;
}

/**
 * Bundles and loads the generated host SDK of a contract, which is TypeScript.
 *
 * @throws UserError if it has not been generated
 */
export async function loadHostSdk(contract: TaskProject): Promise<HostSdk> {
  const gen = join(contract.folder, "src/gen");
  if (!existsSync(join(gen, "host.ts"))) {
    throw new UserError(
      `${contract.root}/src/gen/host.ts does not exist: run "nx run ${contract.name}:generate".`,
    );
  }
  const { outputFiles } = await build({
    stdin: {
      contents:
        'export * as sdk from "./host.js"; export { checkHandshake } from "@wplug/runtime";',
      resolveDir: gen,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    logLevel: "silent",
  });
  const folder = await mkdtemp(join(tmpdir(), "wplug-handshake-"));
  try {
    const file = join(folder, "sdk.cjs");
    await writeFile(file, outputFiles[0]?.contents ?? "");
    const { sdk, checkHandshake } = createRequire(file)(file) as {
      sdk: Record<string, unknown>;
      checkHandshake: HostSdk["checkHandshake"];
    };
    return { services: Object.values(sdk).flatMap(serviceOf), checkHandshake };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The description of a service that a generated loader (`GreeterPlugin`) carries. */
function serviceOf(exported: unknown): HostService[] {
  if (typeof exported !== "function" || !("service" in exported)) return [];
  return [exported.service as HostService];
}
