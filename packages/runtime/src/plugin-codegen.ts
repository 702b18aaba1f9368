/**
 * What the generated code of plugins in TypeScript calls: `@wplug/runtime/plugin-codegen`.
 *
 * @module
 */

export { importHostService } from "./plugin/host-call.js";
export { defineTable } from "./plugin/message-table.js";
export { pluginService, type Answer } from "./plugin/services.js";
export type { MessageInit } from "./messages/wire/message-type.js";
export type { HostServiceDescriptor, ServiceDescriptor } from "./descriptors/service-descriptor.js";
