/**
 * One adapter a library: `prepare` makes the library's own kind of message of the plain value, which is not timed; `encode`
 * and `decode` are what an application would write.
 */
import { create, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import { PbfReader, PbfWriter } from "pbf";

import googleProtobuf from "./google-protobuf.cjs";
import * as es from "./gen/es/bench_pb.js";
import * as pbfCode from "./gen/pbf.js";
import protobufjsCode from "./gen/protobufjs.cjs";
import * as protobufTs from "./gen/protobuf-ts/bench.ts";
import * as tsProto from "./gen/ts-proto/bench.ts";
import * as wplugCode from "./gen/wplug/index.ts";

const { bench } = protobufjsCode;

export const libraries = {
  wplug: {
    prepare: (type, value) => new wplugCode[type](toMaps(value)),
    encode: (type, message) => message.encode(),
    decode: (type, bytes) => wplugCode[type].decode(bytes),
  },
  "@bufbuild/protobuf": {
    prepare: (type, value) => create(es[`${type}Schema`], value),
    encode: (type, message) => toBinary(es[`${type}Schema`], message),
    decode: (type, bytes) => fromBinary(es[`${type}Schema`], bytes),
  },
  protobufjs: {
    prepare: (type, value) => bench[type].fromObject(toStrings(value)),
    encode: (type, message) => bench[type].encode(message).finish(),
    decode: (type, bytes) => bench[type].decode(bytes),
  },
  pbf: {
    prepare: (type, value) => toNumbers(value),
    encode: (type, message) => {
      const writer = new PbfWriter();
      pbfCode[`write${type}`](message, writer);
      return writer.finish();
    },
    decode: (type, bytes) => pbfCode[`read${type}`](new PbfReader(bytes)),
  },
  "ts-proto": {
    prepare: (type, value) => tsProto[type].fromPartial(value),
    encode: (type, message) => tsProto[type].encode(message).finish(),
    decode: (type, bytes) => tsProto[type].decode(bytes),
  },
  "@protobuf-ts": {
    prepare: (type, value) => protobufTs[type].create(value),
    encode: (type, message) => protobufTs[type].toBinary(message),
    decode: (type, bytes) => protobufTs[type].fromBinary(bytes),
  },
  "google-protobuf": {
    prepare: (type, value) => {
      const message = create(es[`${type}Schema`], value);
      return googleProtobuf[type].deserializeBinary(toBinary(es[`${type}Schema`], message));
    },
    encode: (type, message) => message.serializeBinary(),
    decode: (type, bytes) => googleProtobuf[type].deserializeBinary(bytes),
  },
  JSON: {
    prepare: (type, value) => toJson(value),
    encode: (type, message) => textEncoder.encode(JSON.stringify(message)),
    decode: (type, bytes) => JSON.parse(textDecoder.decode(bytes)),
  },
};

/** Whether both are the same message. */
export function isEqual(type, bytes, others) {
  const schema = es[`${type}Schema`];
  return equals(schema, fromBinary(schema, bytes), fromBinary(schema, others));
}

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/** Changes the values of an object at any depth. */
function walk(value, change) {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, change)]));
}

function toMaps(value) {
  if (Array.isArray(value)) return value.map(toMaps);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      ["counters", "labels"].includes(key) ? new Map(Object.entries(item)) : toMaps(item),
    ]),
  );
}

const toStrings = (value) =>
  walk(value, (item) => (typeof item === "bigint" ? item.toString() : undefined));
const toNumbers = (value) =>
  walk(value, (item) => (typeof item === "bigint" ? Number(item) : undefined));
const toJson = (value) =>
  walk(value, (item) => {
    if (typeof item === "bigint") return item.toString();
    return item instanceof Uint8Array ? Buffer.from(item).toString("base64") : undefined;
  });
