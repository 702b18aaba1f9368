// Options of `GreeterPlugin.load` and of calls.
export type { CallOptions } from "./options/call-options.js";
export type { Clock } from "./options/clock.js";
export type {
  CallObserver,
  CallSpan,
  EndCall,
  InstanceEvent,
  PluginHooks,
} from "./options/hooks.js";
export type { RestartOptions } from "./options/restart-options.js";
export type { Limits } from "./options/limits.js";
export type { LoadOptions } from "./options/load-options.js";
export type { OutputLines, OutputOption, OutputStream } from "./options/output-option.js";
export type { PoolOptions } from "./options/pool-options.js";
export type { ReloadListener } from "./options/reload-listener.js";
export type { HostCallOptions } from "./descriptors/host-call-options.js";
export type { HostFunction } from "./descriptors/host-function.js";
export type { HostLibrary } from "./descriptors/host-library.js";

// Files of a plugin. Folders of the host are in `@wplug/runtime/node`.
export { MemoryFiles, type MemoryFilesOptions } from "./files/memory-files.js";
export {
  FileError,
  type DirectoryEntry,
  type FileErrorCode,
  type FileHandle,
  type FileNanoseconds,
  type FileStat,
  type FileSystem,
  type FileTimes,
  type FileType,
  type OpenOptions,
} from "./files/file-system.js";

// Plugins: before they are loaded, and what they did.
export {
  PluginModule,
  type CompileOptions,
  type MemorySize,
  type PluginImport,
  type PluginSource,
} from "./module/plugin-module.js";
export type { ModuleSource, ResponseSource } from "./module/plugin-source.js";
export type { Toolchain } from "./module/producers.js";
export type { WasmModule } from "./module/wasm-api.js";
export { inspect, type InspectedService, type PluginInspection } from "./module/inspect.js";
export { adapt } from "./client/adapt.js";
export type { PluginAdapter } from "./client/plugin-versions.js";
export { untrusted } from "./client/untrusted.js";
export type { PluginStats } from "./client/stats.js";
export {
  checkHandshake,
  type HandshakeCall,
  type HandshakeOptions,
  type HandshakeReport,
} from "./client/check-handshake.js";

// Programs that are no plugins.
export { runProgram, type RunOptions } from "./client/run-program.js";

// Messages, and the errors that they have.
export * from "./message-index.js";

// Errors of plugins.
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

/**
 * SDKs that wplug 0.1.0 generated, and that were committed or published, import from here what is in
 * `@wplug/runtime/codegen` now. They go on working; the types leave it out, so no editor offers it.
 *
 * @internal
 */
export * from "./codegen.js";
