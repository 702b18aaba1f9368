/** Messages as the code generator writes them, for the specs of the runtime. */
import { NO_BYTES } from "../wire/no-bytes.js";
import {
  type EncodeOptions,
  decodeMessage,
  encodeMessage,
  toMessage,
  type MessageInit,
  type Reader,
  type Writer,
} from "../index.js";

export enum Status {
  UNSPECIFIED = 0,
  OK = 1,
}

export class Inner {
  static readonly typeName = "test.v1.Inner";
  static readonly fieldNames: Readonly<Record<number, string>> = { 1: "name", 2: "inner" };

  name = "";
  inner: Inner | undefined = undefined;
  $unknown: Uint8Array | undefined = undefined;

  constructor(init?: MessageInit<Inner>) {
    if (init === undefined) return;
    if (init.name !== undefined) this.name = init.name;
    if (init.inner !== undefined) this.inner = toMessage(Inner, init.inner);
  }

  encode(): Uint8Array {
    return encodeMessage(Inner, this);
  }

  static decode(bytes: Uint8Array): Inner {
    return decodeMessage(Inner, bytes);
  }

  static write(message: Inner, writer: Writer): void {
    if (message.name !== "") writer.tag(10).string(message.name);
    if (message.inner !== undefined) writer.tag(18).message(Inner, message.inner);
    if (message.$unknown !== undefined) writer.raw(message.$unknown);
  }

  static read(message: Inner, reader: Reader, end: number): void {
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case 10:
          message.name = reader.string();
          break;
        case 18:
          message.inner = reader.message(Inner, message.inner ?? new Inner());
          break;
        default:
          reader.unknown(tag, message);
      }
    }
  }
}

type Choice =
  | { case: "text"; value: string }
  | { case: "sub"; value: Inner }
  | { case: undefined; value?: undefined };

export class Everything {
  static readonly typeName = "test.v1.Everything";
  static readonly fieldNames: Readonly<Record<number, string>> = {
    1: "int32",
    2: "int64",
    3: "uint32",
    4: "uint64",
    5: "sint32",
    6: "sint64",
    7: "fixed32",
    8: "fixed64",
    9: "sfixed32",
    10: "sfixed64",
    11: "float",
    12: "double",
    13: "bool",
    14: "string",
    15: "bytes",
    16: "status",
    17: "inner",
    18: "nums",
    19: "items",
    20: "maybe",
    21: "counts",
    22: "byId",
    23: "text",
    24: "sub",
    25: "doubles",
  };

  int32 = 0;
  int64 = 0n;
  uint32 = 0;
  uint64 = 0n;
  sint32 = 0;
  sint64 = 0n;
  fixed32 = 0;
  fixed64 = 0n;
  sfixed32 = 0;
  sfixed64 = 0n;
  float = 0;
  double = 0;
  bool = false;
  string = "";
  bytes: Uint8Array = NO_BYTES;
  status: Status = 0;
  inner: Inner | undefined = undefined;
  nums: number[] = [];
  items: Inner[] = [];
  maybe: number | undefined = undefined;
  counts: Map<string, number> = new Map();
  byId: Map<bigint, Inner> = new Map();
  choice: Choice = { case: undefined };
  doubles: number[] = [];
  $unknown: Uint8Array | undefined = undefined;

  constructor(init?: MessageInit<Everything>) {
    if (init === undefined) return;
    if (init.int32 !== undefined) this.int32 = init.int32;
    if (init.int64 !== undefined) this.int64 = init.int64;
    if (init.uint32 !== undefined) this.uint32 = init.uint32;
    if (init.uint64 !== undefined) this.uint64 = init.uint64;
    if (init.sint32 !== undefined) this.sint32 = init.sint32;
    if (init.sint64 !== undefined) this.sint64 = init.sint64;
    if (init.fixed32 !== undefined) this.fixed32 = init.fixed32;
    if (init.fixed64 !== undefined) this.fixed64 = init.fixed64;
    if (init.sfixed32 !== undefined) this.sfixed32 = init.sfixed32;
    if (init.sfixed64 !== undefined) this.sfixed64 = init.sfixed64;
    if (init.float !== undefined) this.float = init.float;
    if (init.double !== undefined) this.double = init.double;
    if (init.bool !== undefined) this.bool = init.bool;
    if (init.string !== undefined) this.string = init.string;
    if (init.bytes !== undefined) this.bytes = init.bytes;
    if (init.status !== undefined) this.status = init.status;
    if (init.inner !== undefined) this.inner = toMessage(Inner, init.inner);
    if (init.nums !== undefined) this.nums = [...init.nums];
    if (init.items !== undefined) this.items = init.items.map((item) => toMessage(Inner, item));
    if (init.maybe !== undefined) this.maybe = init.maybe;
    if (init.counts !== undefined) this.counts = new Map(init.counts);
    if (init.byId !== undefined) {
      for (const [key, value] of init.byId) this.byId.set(key, toMessage(Inner, value));
    }
    if (init.choice !== undefined) {
      this.choice =
        init.choice.case === "sub"
          ? { case: "sub", value: toMessage(Inner, init.choice.value) }
          : init.choice;
    }
    if (init.doubles !== undefined) this.doubles = [...init.doubles];
  }

  encode(options?: EncodeOptions): Uint8Array {
    return encodeMessage(Everything, this, options);
  }

  static decode(bytes: Uint8Array): Everything {
    return decodeMessage(Everything, bytes);
  }

  static write(message: Everything, writer: Writer): void {
    if (message.int32 !== 0) writer.tag(8).int32(message.int32);
    if (message.int64 !== 0n) writer.tag(16).int64(message.int64);
    if (message.uint32 !== 0) writer.tag(24).uint32(message.uint32);
    if (message.uint64 !== 0n) writer.tag(32).uint64(message.uint64);
    if (message.sint32 !== 0) writer.tag(40).sint32(message.sint32);
    if (message.sint64 !== 0n) writer.tag(48).sint64(message.sint64);
    if (message.fixed32 !== 0) writer.tag(61).fixed32(message.fixed32);
    if (message.fixed64 !== 0n) writer.tag(65).fixed64(message.fixed64);
    if (message.sfixed32 !== 0) writer.tag(77).sfixed32(message.sfixed32);
    if (message.sfixed64 !== 0n) writer.tag(81).sfixed64(message.sfixed64);
    if (!Object.is(message.float, 0)) writer.tag(93).float(message.float);
    if (!Object.is(message.double, 0)) writer.tag(97).double(message.double);
    if (message.bool !== false) writer.tag(104).bool(message.bool);
    if (message.string !== "") writer.tag(114).string(message.string);
    if (message.bytes.length !== 0) writer.tag(122).bytes(message.bytes);
    if (message.status !== 0) writer.tag(128).int32(message.status);
    if (message.inner !== undefined) writer.tag(138).message(Inner, message.inner);
    if (message.nums.length !== 0) {
      const start = writer.tag(146).open();
      for (const item of message.nums) writer.int32(item);
      writer.close(start);
    }
    for (const item of message.items) writer.tag(154).message(Inner, item);
    if (message.maybe !== undefined) writer.tag(160).int32(message.maybe);
    for (const [key, value] of writer.entries(message.counts)) {
      const start = writer.tag(170).open();
      writer.tag(10).string(key);
      writer.tag(16).int32(value);
      writer.close(start);
    }
    for (const [key, value] of writer.entries(message.byId)) {
      const start = writer.tag(178).open();
      writer.tag(8).int64(key);
      writer.tag(18).message(Inner, value);
      writer.close(start);
    }
    if (message.choice.case === "text") writer.tag(186).string(message.choice.value);
    if (message.choice.case === "sub") writer.tag(194).message(Inner, message.choice.value);
    for (const item of message.doubles) writer.tag(201).double(item);
    if (message.$unknown !== undefined) writer.raw(message.$unknown);
  }

  static read(message: Everything, reader: Reader, end: number): void {
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case 8:
          message.int32 = reader.int32();
          break;
        case 16:
          message.int64 = reader.int64();
          break;
        case 24:
          message.uint32 = reader.uint32();
          break;
        case 32:
          message.uint64 = reader.uint64();
          break;
        case 40:
          message.sint32 = reader.sint32();
          break;
        case 48:
          message.sint64 = reader.sint64();
          break;
        case 61:
          message.fixed32 = reader.fixed32();
          break;
        case 65:
          message.fixed64 = reader.fixed64();
          break;
        case 77:
          message.sfixed32 = reader.sfixed32();
          break;
        case 81:
          message.sfixed64 = reader.sfixed64();
          break;
        case 93:
          message.float = reader.float();
          break;
        case 97:
          message.double = reader.double();
          break;
        case 104:
          message.bool = reader.bool();
          break;
        case 114:
          message.string = reader.string();
          break;
        case 122:
          message.bytes = reader.bytes();
          break;
        case 128:
          message.status = reader.int32();
          break;
        case 138:
          message.inner = reader.message(Inner, message.inner ?? new Inner());
          break;
        case 144:
          message.nums.push(reader.int32());
          break;
        case 146: {
          const outer = reader.enter();
          while (reader.pos < reader.end) message.nums.push(reader.int32());
          reader.leave(outer);
          break;
        }
        case 154:
          message.items.push(reader.message(Inner, new Inner()));
          break;
        case 160:
          message.maybe = reader.int32();
          break;
        case 170: {
          const outer = reader.enter();
          let key = "";
          let value = 0;
          while (reader.pos < reader.end) {
            const tag = reader.tag();
            switch (tag) {
              case 10:
                key = reader.string();
                break;
              case 16:
                value = reader.int32();
                break;
              default:
                reader.skip(tag);
            }
          }
          reader.leave(outer);
          message.counts.set(key, value);
          break;
        }
        case 178: {
          const outer = reader.enter();
          let key = 0n;
          let value = new Inner();
          while (reader.pos < reader.end) {
            const tag = reader.tag();
            switch (tag) {
              case 8:
                key = reader.int64();
                break;
              case 18:
                value = reader.message(Inner, value);
                break;
              default:
                reader.skip(tag);
            }
          }
          reader.leave(outer);
          message.byId.set(key, value);
          break;
        }
        case 186:
          message.choice = { case: "text", value: reader.string() };
          break;
        case 194:
          message.choice = {
            case: "sub",
            value: reader.message(
              Inner,
              message.choice.case === "sub" ? message.choice.value : new Inner(),
            ),
          };
          break;
        case 201:
          message.doubles.push(reader.double());
          break;
        case 202: {
          const outer = reader.enter();
          while (reader.pos < reader.end) message.doubles.push(reader.double());
          reader.leave(outer);
          break;
        }
        default:
          reader.unknown(tag, message);
      }
    }
  }
}
