/**
 * What generated code calls: `@wplug/runtime/codegen`. Applications import from `@wplug/runtime`.
 *
 * @module
 */

export * from "./message-codegen.js";

export type {
  HandshakeService,
  HostServiceDescriptor,
  MethodDescriptor,
  ServiceDescriptor,
} from "./descriptors/service-descriptor.js";
export type { HostCallOptions } from "./descriptors/host-call-options.js";
export { hostLibrary, type HostLibrary } from "./descriptors/host-library.js";
export { PluginClient, type OpenedPlugin } from "./client/plugin-client.js";
export type { PluginVersions } from "./client/plugin-versions.js";
export type { ConnectOptions, ConnectTransport } from "./remote/connect-transport.js";
export type { CallOptions, SyncCallOptions } from "./options/call-options.js";
export type { LoadOptions } from "./options/load-options.js";
export type { PluginSource } from "./module/plugin-module.js";
export { PluginInstance } from "./instance/plugin-instance.js";
