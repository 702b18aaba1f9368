import type { Message } from "./message.js";
import type { Reader } from "./reader.js";
import type { Writer } from "./writer.js";

/** The static side of a generated message class: what the runtime needs of it. */
export interface MessageType<T extends Message = Message> {
  /** Fully qualified Protocol Buffers name: `greeter.v1.GreetRequest`. */
  readonly typeName: string;
  /** Names of the fields by number, for error texts. */
  readonly fieldNames: Readonly<Record<number, string>>;
  /** Words of 8 bytes that a new message takes, about. SDKs of wplug 0.1.0 don't tell. */
  readonly weight?: number;
  new (init?: object): T;
  /** Writes all fields, without a length in front. */
  write(message: T, writer: Writer): void;
  /** Reads the fields up to the end of the reader and merges them into `message`. */
  read(message: T, reader: Reader): void;
}

/**
 * What a message can be made from: any part of its fields, nested messages as plain objects or instances.
 * `undefined` is as good as absent.
 */
export type MessageInit<T> = {
  readonly [K in keyof T as K extends "$unknown"
    ? never
    : T[K] extends (...args: never) => unknown
      ? never
      : K]?: FieldInit<T[K]> | undefined;
};

/** What a field of type F can be made from. */
export type FieldInit<F> = F extends Uint8Array
  ? F
  : F extends Message
    ? MessageInit<F>
    : F extends readonly (infer Item)[]
      ? readonly FieldInit<Item>[]
      : F extends ReadonlyMap<infer Key, infer Value>
        ? ReadonlyMap<Key, FieldInit<Value>>
        : F extends { case: infer Case extends string; value: infer Value }
          ? { readonly case: Case; readonly value: FieldInit<Value> }
          : F;
