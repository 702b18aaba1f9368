/**
 * What the engine of plugins in TypeScript offers to JavaScript: functions in C.
 *
 * @see tools/typescript-engine/functions.h
 */
export interface Engine {
  /** The text of the UTF-8 bytes from `start` to `end`; undefined if they are no UTF-8. */
  utf8Read(bytes: Uint8Array, start: number, end: number): string | undefined;
  /** Writes `text` as UTF-8 at `position`; the caller made room. Returns the number of bytes. */
  utf8Write(target: Uint8Array, text: string, position: number): number;
  /** Writes to standard output (1) or standard error (2). */
  print(file: number, text: string): void;
  /** Calls a function of the host; the number is its place in `Linkage.hostFunctions`. */
  hostCall(number: number, request: Uint8Array): Uint8Array;
  /** Waits so many milliseconds. */
  sleep(milliseconds: number): void;
  /** Fills an array with random bytes of the host. */
  random(bytes: Uint8Array): void;
  /** The bytes of a file in a directory that the host offers, or the errno of WASI. */
  readFile(directory: number, path: string): Uint8Array | number;
  /** Writes a file that is made unless it is there; the errno of WASI, 0 if all went well. */
  writeFile(directory: number, path: string, bytes: Uint8Array): number;
  /** What the host calls the directory with this descriptor; undefined if there is none. */
  preopen(file: number): string | undefined;
  exit(code: number): never;
  /** Frees what is not reachable any more. */
  collect(): void;
  /**
   * Says what is called for each rpc, for the reply to one of which the method has run already, for the text of an error, and to
   * run the next timer. `noBytes` is what empty fields of bytes share.
   */
  serve(
    dispatch: (rpc: number, request: Uint8Array) => Uint8Array | Promise<Uint8Array>,
    reply: (rpc: number, answer: unknown) => Uint8Array | Promise<Uint8Array>,
    describe: (error: unknown) => string,
    runTimer: () => boolean,
    noBytes: Uint8Array,
  ): void;
  /** Says what messages of a class consist of. `empty` is one in which no field is set. */
  defineMessage(type: object, empty: object, fields: readonly TableField[]): void;
  /** Has the engine read the request of an rpc, call the method, and write the reply, if it knows of what those consist. */
  answerRpc(
    rpc: number,
    implementation: object,
    method: string,
    request: object,
    reply: object,
  ): void;
  /** The message in binary format; undefined if it has to be written by its class. */
  writeMessage(type: object, message: object): Uint8Array | undefined;
  /** The message of these bytes; undefined if it has to be read by its class. */
  readMessage(type: object, bytes: Uint8Array): object | undefined;
  /** Of the plugin's bundle, as the build has added it. */
  sourceMap?: IndexedSourceMap;
  /** Whether only what is loaded before the author's modules is run, as the build has set it. */
  stopsBeforeAuthor?: boolean;
}

/** A source map of which each line can be found without reading all that are before it: https://tc39.es/ecma426/ */
export interface IndexedSourceMap {
  /** Names of files. */
  readonly sources: readonly string[];
  readonly mappings: string;
  readonly index: {
    /** Number of generated lines from one that is in the index to the next. */
    readonly every: number;
    /** Four numbers for each: where its mappings begin, and what its first one is relative to: source, line, column. */
    readonly starts: readonly number[];
  };
}

/** A scalar type of Protocol Buffers, or the class of a message. */
export type TableType = string | object;

/** What is between a message and the values of a field: nothing, `undefined`, a oneof, a list, a packed one, a Map. */
export type FieldKind = 0 | 1 | 2 | 3 | 4 | 5;

/** A field of a message, for the codec in C. */
export interface TableField {
  readonly name: string;
  readonly number: number;
  readonly type: TableType;
  readonly kind: FieldKind;
  readonly oneof?: string;
  readonly key?: TableType;
}

/** Undefined everywhere but in a plugin: in tests of its classes, say. */
export const engine = (globalThis as { __wplug?: Engine }).__wplug;
