import type { MethodDescriptor, ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { decodeMessage } from "../messages/wire/decode.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import { toMessage } from "../messages/wire/to-message.js";
import { WireError } from "../messages/wire/wire-error.js";
import { engine } from "../platform/engine.js";
import { fail } from "./fail.js";
import { linkage } from "./linkage.js";

/** What a method of a plugin answers with: a message or what one can be made from, at once or later. */
export type Answer<T> = MessageInit<T> | Promise<MessageInit<T>>;

type Implementation = Readonly<Record<string, (request: never) => unknown>>;

/** What answers each rpc, by its number. */
const rpcs: { readonly method: MethodDescriptor; readonly implementation: Implementation }[] = [];

/** Services that the bundle has code to register, in the order of their modules. */
const declared: ServiceDescriptor[] = [];

/**
 * Declares a service of the contract that the plugin may register.
 *
 * @returns makes an implementation what answers its rpcs. The last one that is registered counts.
 *   It throws a TypeError if a method is missing.
 */
export function pluginService(service: ServiceDescriptor): (implementation: object) => void {
  declared.push(service);
  return (implementation) => registerService(service, implementation as Implementation);
}

function registerService(service: ServiceDescriptor, methods: Implementation): void {
  for (const { name, wasmName, ...method } of Object.values(service.methods)) {
    if (typeof methods[name] !== "function") {
      throw new TypeError(`what is registered as ${service.name} has no method ${name}`);
    }
    const number = numberOf(wasmName);
    rpcs[number] = { method: { name, wasmName, ...method }, implementation: methods };
    engine?.answerRpc(number, methods, name, method.input, method.output);
  }
  exportVersion(service);
}

/** Makes the plugin export all services that it may register, whether it has done so or not. */
export function exportDeclaredServices(): void {
  for (const service of declared) {
    for (const { wasmName } of Object.values(service.methods)) numberOf(wasmName);
    exportVersion(service);
  }
}

/** @throws Error if a service that is exported has not been registered */
export function checkDeclaredServices(): void {
  for (const { name, methods } of declared) {
    const isMissing = Object.values(methods).some(({ wasmName }) => !rpcs[numberOf(wasmName)]);
    if (isMissing) throw new Error(`the top level has ended and ${name} is not registered`);
  }
}

/** The number of an rpc, which is exported from then on. */
function numberOf(wasmName: string): number {
  const known = linkage.rpcs.indexOf(wasmName);
  return known < 0 ? linkage.rpcs.push(wasmName) - 1 : known;
}

function exportVersion({ apiVersionExport, version }: ServiceDescriptor): void {
  if (linkage.versions.some(({ name }) => name === apiVersionExport)) return;
  linkage.versions.push({ name: apiVersionExport, version });
}

/** Answers the rpc with this number, unless the engine does by its tables. */
export function callService(rpc: number, bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  const { method, implementation } = called(rpc);
  return replyOf(rpc, implementation[method.name]?.(readRequest(method, bytes)));
}

/** The bytes of the reply, of what the method of an rpc has returned. */
export function replyOf(rpc: number, answer: unknown): Uint8Array | Promise<Uint8Array> {
  const { method } = called(rpc);
  return isThenable(answer)
    ? // It need not return anything, nor call back once.
      Promise.resolve(answer).then((it) => writeReply(method, it))
    : writeReply(method, answer);
}

function called(rpc: number): (typeof rpcs)[number] {
  return rpcs[rpc] ?? fail(`there is no rpc ${rpc}`);
}

function readRequest({ input }: MethodDescriptor, bytes: Uint8Array): never {
  try {
    return decodeMessage(input, bytes) as never;
  } catch (error) {
    if (error instanceof WireError) fail(`malformed ${input.typeName}: ${error.message}`);
    throw error;
  }
}

function writeReply({ name, output }: MethodDescriptor, value: unknown): Uint8Array {
  try {
    return toMessage(output, value as object).encode();
  } catch (error) {
    if (error instanceof WireError) fail(`the reply of ${name} can't be written: ${error.message}`);
    throw error;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined | null)?.then === "function";
}
