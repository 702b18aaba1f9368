/**
 * One adapter a library: `prepare` makes the library's own kind of message of the plain value, which is not timed; `of` gives
 * `encode` and `decode` as an application would write them for one type: the type is looked up beforehand, as to find it by
 * its name in a module may take as long as a small message.
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
    of: (type) => {
      const Type = wplugCode[type];
      return { encode: (message) => message.encode(), decode: (bytes) => Type.decode(bytes) };
    },
  },
  "@bufbuild/protobuf": {
    prepare: (type, value) => create(es[`${type}Schema`], value),
    of: (type) => {
      const schema = es[`${type}Schema`];
      return {
        encode: (message) => toBinary(schema, message),
        decode: (bytes) => fromBinary(schema, bytes),
      };
    },
  },
  protobufjs: {
    prepare: (type, value) => bench[type].fromObject(toStrings(value)),
    of: (type) => {
      const Type = bench[type];
      return {
        encode: (message) => Type.encode(message).finish(),
        decode: (bytes) => Type.decode(bytes),
      };
    },
  },
  pbf: {
    prepare: (type, value) => toNumbers(value),
    of: (type) => {
      const write = pbfCode[`write${type}`];
      const read = pbfCode[`read${type}`];
      return {
        encode: (message) => {
          const writer = new PbfWriter();
          write(message, writer);
          return writer.finish();
        },
        decode: (bytes) => read(new PbfReader(bytes)),
      };
    },
  },
  "ts-proto": {
    prepare: (type, value) => tsProto[type].fromPartial(value),
    of: (type) => {
      const Type = tsProto[type];
      return {
        encode: (message) => Type.encode(message).finish(),
        decode: (bytes) => Type.decode(bytes),
      };
    },
  },
  "@protobuf-ts": {
    prepare: (type, value) => protobufTs[type].create(value),
    of: (type) => {
      const Type = protobufTs[type];
      return {
        encode: (message) => Type.toBinary(message),
        decode: (bytes) => Type.fromBinary(bytes),
      };
    },
  },
  "google-protobuf": {
    prepare: (type, value) => {
      const message = create(es[`${type}Schema`], value);
      return googleProtobuf[type].deserializeBinary(toBinary(es[`${type}Schema`], message));
    },
    of: (type) => {
      const Type = googleProtobuf[type];
      return {
        encode: (message) => message.serializeBinary(),
        decode: (bytes) => Type.deserializeBinary(bytes),
      };
    },
  },
  JSON: {
    prepare: (type, value) => toJson(value),
    of: () => ({
      encode: (message) => textEncoder.encode(JSON.stringify(message)),
      decode: (bytes) => JSON.parse(textDecoder.decode(bytes)),
    }),
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
