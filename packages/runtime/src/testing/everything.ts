/** Messages as the code generator writes them, for the specs of the runtime. */
import { NO_BYTES } from "../messages/wire/no-bytes.js";
import {
  type EncodeOptions,
  type MessageInit,
  type Reader,
  type Writer,
  checkInit,
  charge,
  checkUnset,
  closeBlock,
  decodeMessage,
  encodeMessage,
  enterEntry,
  enterPacked,
  entriesOf,
  initList,
  initMap,
  initMessage,
  initMessageMap,
  initMessages,
  initOneof,
  isEmpty,
  itemsOf,
  leaveBlock,
  openBlock,
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
} from "../index.js";

export enum Status {
  UNSPECIFIED = 0,
  OK = 1,
}

export class Inner {
  static readonly typeName = "test.v1.Inner";
  static readonly fieldNames: Readonly<Record<number, string>> = { 1: "name", 2: "inner" };
  static readonly weight = 7;

  name = "";
  inner: Inner | undefined = undefined;
  $unknown: Uint8Array | undefined = undefined;

  constructor(init?: MessageInit<Inner>) {
    if (init === undefined) return;
    checkInit(Inner, init);
    if (init.name !== undefined) this.name = init.name;
    if (init.inner !== undefined) this.inner = initMessage(Inner, 2, Inner, init.inner);
  }

  encode(): Uint8Array {
    return encodeMessage(Inner, this);
  }

  static decode(bytes: Uint8Array): Inner {
    return decodeMessage(Inner, bytes);
  }

  static write(message: Inner, writer: Writer): void {
    if (message.name !== "") writeString(writer, 10, message.name);
    if (message.inner !== undefined) writeMessage(writer, 18, Inner, message.inner);
    writeUnknown(writer, message);
  }

  static read(message: Inner, reader: Reader): void {
    for (let tag: number; (tag = readTag(reader)) !== 0; ) {
      switch (tag) {
        case 10:
          message.name = readString(reader);
          break;
        case 18:
          message.inner = readMessage(reader, Inner, message.inner ?? new Inner());
          break;
        default:
          readUnknown(reader, message);
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
  static readonly weight = 94;

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
    checkInit(Everything, init);
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
    if (init.inner !== undefined) this.inner = initMessage(Everything, 17, Inner, init.inner);
    if (init.nums !== undefined) this.nums = initList(Everything, 18, init.nums);
    if (init.items !== undefined) this.items = initMessages(Everything, 19, Inner, init.items);
    if (init.maybe !== undefined) this.maybe = init.maybe;
    if (init.counts !== undefined) this.counts = initMap(Everything, 21, init.counts);
    if (init.byId !== undefined) this.byId = initMessageMap(Everything, 22, Inner, init.byId);
    if (init.choice !== undefined) {
      switch (init.choice?.case) {
        case "sub":
          this.choice = {
            case: "sub",
            value: initMessage(Everything, 24, Inner, init.choice.value),
          };
          break;
        default:
          this.choice = initOneof(Everything, "choice", init.choice);
      }
    }
    if (init.doubles !== undefined) this.doubles = initList(Everything, 25, init.doubles);
  }

  encode(options?: EncodeOptions): Uint8Array {
    return encodeMessage(Everything, this, options);
  }

  static decode(bytes: Uint8Array): Everything {
    return decodeMessage(Everything, bytes);
  }

  static write(message: Everything, writer: Writer): void {
    if (message.int32 !== 0) writeInt32(writer, 8, message.int32);
    if (message.int64 !== 0n) writeInt64(writer, 16, message.int64);
    if (message.uint32 !== 0) writeUint32(writer, 24, message.uint32);
    if (message.uint64 !== 0n) writeUint64(writer, 32, message.uint64);
    if (message.sint32 !== 0) writeSint32(writer, 40, message.sint32);
    if (message.sint64 !== 0n) writeSint64(writer, 48, message.sint64);
    if (message.fixed32 !== 0) writeFixed32(writer, 61, message.fixed32);
    if (message.fixed64 !== 0n) writeFixed64(writer, 65, message.fixed64);
    if (message.sfixed32 !== 0) writeSfixed32(writer, 77, message.sfixed32);
    if (message.sfixed64 !== 0n) writeSfixed64(writer, 81, message.sfixed64);
    if (!Object.is(message.float, 0)) writeFloat(writer, 93, message.float);
    if (!Object.is(message.double, 0)) writeDouble(writer, 97, message.double);
    if (message.bool !== false) writeBool(writer, 104, message.bool);
    if (message.string !== "") writeString(writer, 114, message.string);
    if (!isEmpty(message.bytes)) writeBytes(writer, 122, message.bytes);
    if (message.status !== 0) writeInt32(writer, 128, message.status);
    if (message.inner !== undefined) writeMessage(writer, 138, Inner, message.inner);
    if (itemsOf(message.nums, 146).length !== 0) {
      const start = openBlock(writer, 146);
      for (const item of message.nums) writeInt32(writer, 0, item);
      closeBlock(writer, start);
    }
    for (const item of itemsOf(message.items, 154)) writeMessage(writer, 154, Inner, item);
    if (message.maybe !== undefined) writeInt32(writer, 160, message.maybe);
    for (const [key, value] of entriesOf(writer, message.counts, 170)) {
      const start = openBlock(writer, 170);
      writeString(writer, 10, key);
      writeInt32(writer, 16, value);
      closeBlock(writer, start);
    }
    for (const [key, value] of entriesOf(writer, message.byId, 178)) {
      const start = openBlock(writer, 178);
      writeInt64(writer, 8, key);
      writeMessage(writer, 18, Inner, value);
      closeBlock(writer, start);
    }
    switch (message.choice?.case) {
      case "text":
        writeString(writer, 186, message.choice.value);
        break;
      case "sub":
        writeMessage(writer, 194, Inner, message.choice.value);
        break;
      default:
        checkUnset(message.choice, "choice");
    }
    for (const item of itemsOf(message.doubles, 201)) writeDouble(writer, 201, item);
    writeUnknown(writer, message);
  }

  static read(message: Everything, reader: Reader): void {
    for (let tag: number; (tag = readTag(reader)) !== 0; ) {
      switch (tag) {
        case 8:
          message.int32 = readInt32(reader);
          break;
        case 16:
          message.int64 = readInt64(reader);
          break;
        case 24:
          message.uint32 = readUint32(reader);
          break;
        case 32:
          message.uint64 = readUint64(reader);
          break;
        case 40:
          message.sint32 = readSint32(reader);
          break;
        case 48:
          message.sint64 = readSint64(reader);
          break;
        case 61:
          message.fixed32 = readFixed32(reader);
          break;
        case 65:
          message.fixed64 = readFixed64(reader);
          break;
        case 77:
          message.sfixed32 = readSfixed32(reader);
          break;
        case 81:
          message.sfixed64 = readSfixed64(reader);
          break;
        case 93:
          message.float = readFloat(reader);
          break;
        case 97:
          message.double = readDouble(reader);
          break;
        case 104:
          message.bool = readBool(reader);
          break;
        case 114:
          message.string = readString(reader);
          break;
        case 122:
          message.bytes = readBytes(reader);
          break;
        case 128:
          message.status = readInt32(reader);
          break;
        case 138:
          message.inner = readMessage(reader, Inner, message.inner ?? new Inner());
          break;
        case 144:
          charge(reader, 1);
          message.nums.push(readInt32(reader));
          break;
        case 146: {
          const outer = enterPacked(reader, 1);
          while (reader.pos < reader.end) message.nums.push(readInt32(reader));
          leaveBlock(reader, outer);
          break;
        }
        case 154:
          message.items.push(readMessage(reader, Inner, new Inner()));
          break;
        case 160:
          message.maybe = readInt32(reader);
          break;
        case 170: {
          const outer = enterEntry(reader);
          let key = "";
          let value = 0;
          for (let tag: number; (tag = readTag(reader)) !== 0; ) {
            switch (tag) {
              case 10:
                key = readString(reader);
                break;
              case 16:
                value = readInt32(reader);
                break;
              default:
                skipField(reader);
            }
          }
          leaveBlock(reader, outer);
          message.counts.set(key, value);
          break;
        }
        case 178: {
          const outer = enterEntry(reader, Inner);
          let key = 0n;
          let value = new Inner();
          for (let tag: number; (tag = readTag(reader)) !== 0; ) {
            switch (tag) {
              case 8:
                key = readInt64(reader);
                break;
              case 18:
                value = readMessage(reader, Inner, value);
                break;
              default:
                skipField(reader);
            }
          }
          leaveBlock(reader, outer);
          message.byId.set(key, value);
          break;
        }
        case 186:
          message.choice = { case: "text", value: readString(reader) };
          break;
        case 194:
          message.choice = {
            case: "sub",
            value: readMessage(
              reader,
              Inner,
              message.choice.case === "sub" ? message.choice.value : new Inner(),
            ),
          };
          break;
        case 201:
          charge(reader, 1);
          message.doubles.push(readDouble(reader));
          break;
        case 202: {
          const outer = enterPacked(reader, 8);
          while (reader.pos < reader.end) message.doubles.push(readDouble(reader));
          leaveBlock(reader, outer);
          break;
        }
        default:
          readUnknown(reader, message);
      }
    }
  }
}
