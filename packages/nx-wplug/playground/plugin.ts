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

/** Bytes of the largest file that is read. */
const MOST = 256 << 20;

/** @throws Error if it is no module, or too large */
export async function openPlugin(name: string, wasm: Uint8Array): Promise<OpenedPlugin> {
  checkSize(wasm.length);
  const inspection = await inspect(wasm).catch((error: Error) => {
    throw new Error(error.message.replace(/^the plugin\b/, name));
  });
  const { descriptors } = inspection;
  const contract = descriptors && (await readContract(descriptors));
  return { name, wasm, inspection, contract };
}

/** @throws Error if there are more bytes than a page can do anything with */
export function checkSize(size: number): void {
  if (size > MOST) throw new Error(`It has ${size} bytes: a page takes at most ${MOST}.`);
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
