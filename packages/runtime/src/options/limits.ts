/** What a plugin may use. There are no limits unless they are given. */
export interface Limits {
  /**
   * Longest duration of a call in milliseconds, host functions included, and of the start of the plugin. A call that
   * takes longer is ended with a PluginTimeoutError. Runs the plugin in a worker, which can be killed, unless
   * `isolation: "inline"` says otherwise, or the engine is Bun, which can't kill it: then the plugin is rewritten when it is loaded, so that it asks the host
   * whether it may go on. That needs its bytes, and host functions are not interrupted.
   */
  readonly time?: number | undefined;
  /**
   * Most units of fuel that a call may use, and the start of the plugin. A unit is about one instruction of wasm; what a call
   * uses depends on the plugin alone, not on the machine. Calls that host functions make of the plugin meanwhile take from the
   * same fuel. A call that uses more is ended with a PluginLimitError. `stats().fuel` tells what was used.
   */
  readonly fuel?: number | undefined;
  /**
   * Milliseconds for which the plugin computes before it lets the host's event loop run. The plugin runs in the host's
   * thread then. Calls of `sync`, the start and `malloc` are not interrupted. Needs an engine that can suspend wasm: Node 24 can.
   */
  readonly slice?: number | undefined;
  /** Size to which the plugin's memory can grow, in bytes. Growing further fails inside the plugin. */
  readonly memory?: number | undefined;
  /** Longest answer of the plugin, and longest request that it may send to a host function, in bytes. */
  readonly message?: number | undefined;
  /**
   * Most bytes that reading one message of the plugin, an answer or a request to a host function, may make in the host's
   * memory: two bytes of a message can be an object with a hundred fields. It is an estimate, which includes texts and bytes. A message
   * that would make more is not read to its end, which is a PluginLimitError. Unless given, a message of n bytes may make
   * 64 MiB + 33 * n, but no more than 256 MiB + n. Most messages make 5 * n. JSON documents in a google.protobuf.Struct make 15 * n if
   * their objects have ten fields, and meet the limit at 18 MiB; 21 * n and 29 * n if they have two short ones and one, and meet it at
   * 12 and 9 MiB. Reading counts as time of the call.
   */
  readonly decoded?: number | undefined;
  /** Most bytes on stdout and stderr together in one call. */
  readonly output?: number | undefined;
  /** Deepest nesting of calls, where host functions call the plugin again; 64 unless given. */
  readonly depth?: number | undefined;
}
