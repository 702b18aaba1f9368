// What generated code calls.
export { encodeMessage, type EncodeOptions } from "./wire/encode.js";
export { decodeMessage } from "./wire/decode.js";
export {
  toMessage,
  type FieldInit,
  type Message,
  type MessageInit,
  type MessageType,
} from "./wire/message-type.js";
export { cloneMessage, equalMessages } from "./wire/clone.js";
export { mergeMessage } from "./wire/merge.js";
export { NO_BYTES } from "./wire/no-bytes.js";
export { jsonOf } from "./wire/json-hook.js";
export { defineJson, jsonEnum, type JsonEnum } from "./json/json-type.js";
export {
  enterBlock,
  leaveBlock,
  readBool,
  readBytes,
  readDouble,
  readFixed32,
  readFixed64,
  readFloat,
  readInt32,
  readInt64,
  readMessage,
  readSfixed32,
  readSfixed64,
  readSint32,
  readSint64,
  readString,
  readTag,
  readUint32,
  readUint64,
  readUnknown,
  skipField,
  type Reader,
} from "./wire/reader.js";
export {
  closeBlock,
  entriesOf,
  openBlock,
  writeBool,
  writeBytes,
  writeDouble,
  writeFixed32,
  writeFixed64,
  writeFloat,
  writeInt32,
  writeInt64,
  writeMessage,
  writeSfixed32,
  writeSfixed64,
  writeSint32,
  writeSint64,
  writeString,
  writeUint32,
  writeUint64,
  writeUnknown,
  type Writer,
} from "./wire/writer.js";
export {
  hostLibrary,
  type HostLibrary,
  type HostServiceDescriptor,
} from "./instance/host-library.js";
export { PluginClient, type OpenedPlugin } from "./client/plugin-client.js";
export type {
  HandshakeService,
  MethodDescriptor,
  ServiceDescriptor,
} from "./client/service-descriptor.js";

// What applications call.
export type { CallOptions, Limits, LoadOptions } from "./client/load-options.js";
export type { CallSpan, EndCall, PluginHooks } from "./client/hooks.js";
export type { PluginStats } from "./client/stats.js";
export type { PoolOptions } from "./runner/pool.js";
export type { ReloadListener } from "./runner/reloading-runner.js";
export type { OutputLines, OutputOption, OutputStream } from "./wasi/output.js";
export type { Clock } from "./wasi/clock.js";
export { MemoryFiles, type MemoryFilesOptions } from "./files/memory-files.js";
export {
  FileError,
  type DirectoryEntry,
  type FileErrorCode,
  type FileHandle,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type FileType,
  type OpenOptions,
} from "./files/file-system.js";
export type { HostFunction } from "./instance/host-function.js";
export { PluginInstance } from "./instance/plugin-instance.js";
export {
  PluginModule,
  type CompileOptions,
  type MemorySize,
  type PluginImport,
  type PluginSource,
} from "./module/plugin-module.js";
export { inspect, type InspectedService, type PluginInspection } from "./module/inspect.js";
export type { ModuleSource, ResponseSource } from "./module/plugin-source.js";
export type { Toolchain } from "./module/producers.js";
export type { WasmModule } from "./module/wasm-api.js";

export type { FromJsonOptions, JsonObject, JsonValue, ToJsonOptions } from "./json/json-value.js";
export { fieldsOf, type MessageField } from "./json/fields-of.js";
export { createRegistry, type MessageRegistry } from "./json/registry.js";

// For tools.
export {
  checkHandshake,
  type HandshakeCall,
  type HandshakeOptions,
  type HandshakeReport,
} from "./client/check-handshake.js";

export { WplugError } from "./errors/wplug-error.js";
export {
  ApiVersionMismatchError,
  HostFunctionError,
  PluginAbortedError,
  PluginError,
  PluginExitError,
  PluginLimitError,
  PluginLoadError,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
  type PluginTrapDetails,
} from "./errors/plugin-errors.js";
export { JsonError } from "./json/json-error.js";
export { WireError } from "./wire/wire-error.js";
