/** Several instances of a plugin. State that a plugin keeps between calls is in one of them only. */
export interface PoolOptions {
  /** Most instances at a time; 1 unless given. They are started as they are needed. */
  readonly size?: number | undefined;
  /** Most calls that wait for an instance; any number unless given. One more is a PluginLimitError. */
  readonly queue?: number | undefined;
  /** Number of calls after which an instance is replaced. */
  readonly maxCalls?: number | undefined;
  /** Size of an instance's memory, in bytes, above which it is replaced: memory of wasm never shrinks. */
  readonly maxMemory?: number | undefined;
}
