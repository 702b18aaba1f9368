/** A message of any class that wplug generates. */
export interface AnyMessage {
  encode(): Uint8Array;
}

/** A host of the matrix. It has its own classes for messages: replies come as the bytes that it makes of them. */
export interface HostUnderTest {
  readonly kind: "go" | "typescript";
  /** Loads a plugin in place of the one before. */
  load(request: LoadRequest): Promise<Outcome>;
  /** Calls a method, by its name in TypeScript. */
  call(method: string, request: AnyMessage): Promise<Outcome>;
  /** Makes the same call so many times, at least. The outcome has the error of the last. */
  repeat(method: string, request: AnyMessage, times: number): Promise<Outcome>;
  /** Makes the same call for so many milliseconds. */
  time(method: string, request: AnyMessage, milliseconds: number): Promise<Outcome>;
  close(): Promise<void>;
}

export interface LoadRequest {
  /** Path of the wasm. */
  readonly plugin: string;
  /** `next` is version 2 of `interop`, `other` is a service that no plugin has. */
  readonly as: "interop" | "next" | "other" | "greeter";
  /** Folder that the plugin sees as `/data`, read-only. */
  readonly files?: string;
  /** Whether the host in Go may use what it compiled before. Ours never does. */
  readonly cached?: boolean;
}

export interface Outcome {
  readonly error?: string;
  readonly reply: Uint8Array;
  /** Written since the last outcome. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the host function Log was told since the last outcome. */
  readonly log: readonly string[];
  /** Bytes of the plugin's memory. */
  readonly memory: number;
  /** Milliseconds of a load, microseconds of each of many calls. */
  readonly time: number;
  /** Bytes of memory that the host's process has, 0 if that is not known. */
  readonly resident: number;
}
