/** One plugin against one service, as one host of the contract knows it. A row of the report. */
export interface HandshakeRow {
  readonly contract: string;
  /** Project of the host; null where the contract has none, and its own SDK stands in. */
  readonly host: string | null;
  /** Project of the plugin, or the path of a wasm file relative to the workspace. */
  readonly plugin: string;
  /** Fully qualified: `greeter.v1.Greeter`. */
  readonly service: string;
  /** That which the plugin was checked against. */
  readonly hostVersion: number;
  /** All that the host serves, ascending. */
  readonly hostVersions: readonly number[];
  /** null if the plugin cannot tell. */
  readonly pluginVersion: number | null;
  readonly missingExports: readonly string[];
  readonly unknownImports: readonly string[];
  readonly calls: readonly HandshakeCall[];
  /** Sentences for people; empty if plugin and service fit. */
  readonly problems: readonly string[];
  /** SHA-256 of all that the row depends on; empty if it could not be known. */
  readonly digest: string;
}

/** A call with an empty request. */
export interface HandshakeCall {
  /** Name of the wasm export: `greeter_say_hello`. */
  readonly name: string;
  readonly outcome: "answered" | "error" | "failed";
  /** The text of the error; empty if the call was answered. */
  readonly message: string;
}
