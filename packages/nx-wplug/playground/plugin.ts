import { inspect, type PluginInspection } from "@wplug/runtime";

import type { DescribedMethod, DescribedService } from "../src/inspection/described-services";
import { type Contract, readContract } from "./contract";

/** A plugin that was opened in the page. */
export interface OpenedPlugin {
  readonly name: string;
  readonly wasm: Uint8Array;
  readonly inspection: PluginInspection;
  /** undefined if it does not tell it. */
  readonly contract: Contract | undefined;
}

/** An rpc of a service. */
export interface Rpc {
  readonly service: DescribedService;
  readonly method: DescribedMethod;
}

/** Bytes of the largest file that is read: as many as a plugin of a registry may have, unless its host says otherwise. */
export const MOST_BYTES = 256 << 20;

/** @throws Error if it is no module */
export async function openPlugin(name: string, wasm: Uint8Array): Promise<OpenedPlugin> {
  const inspection = await inspect(wasm).catch((error: Error) => {
    throw new Error(error.message.replace(/^the plugin\b/, name));
  });
  const { descriptors } = inspection;
  const contract = descriptors && (await readContract(descriptors));
  return { name, wasm, inspection, contract };
}

/** What is said of a file that has more than `MOST_BYTES`. */
export function tooLarge(name: string): string {
  return `${name} is larger than ${MOST_BYTES >> 20} MiB, which is the most that this page opens.`;
}

/** What can be called: of all services if there is no plugin yet, else of those that it implements. */
export function rpcsOf(contract: Contract, inspection: PluginInspection | undefined): Rpc[] {
  return contract.services
    .filter(({ type }) => type === "plugin")
    .flatMap((service) => service.methods.map((method) => ({ service, method })))
    .filter(
      ({ method }) => inspection === undefined || inspection.exports.includes(method.wasmName),
    );
}

/** The functions of the host that a plugin calls, as far as its contract has them. */
export function hostFunctionsOf({ contract, inspection }: OpenedPlugin): DescribedMethod[] {
  const { hostFunctions } = inspection;
  return (contract?.services ?? [])
    .filter(({ type }) => type === "host")
    .flatMap(({ methods }) => methods)
    .filter(({ wasmName }) => hostFunctions.includes(wasmName));
}
