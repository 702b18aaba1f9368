import type { ScalarType, ValueType } from "../../../contract/contract";
import type { Imports } from "./imports";
import { upperFirst } from "../../../contract/model/names";

const SCALARS: Readonly<Record<ScalarType, string>> = {
  double: "f64",
  float: "f32",
  int32: "i32",
  int64: "i64",
  uint32: "u32",
  uint64: "u64",
  sint32: "i32",
  sint64: "i64",
  fixed32: "u32",
  fixed64: "u64",
  sfixed32: "i32",
  sfixed64: "i64",
  bool: "bool",
  string: "string",
  bytes: "Uint8Array",
};

/** Wire type: https://protobuf.dev/programming-guides/encoding/#structure */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const WIRE_TYPES: Readonly<Record<ScalarType, number>> = {
  double: FIXED64,
  float: FIXED32,
  int32: VARINT,
  int64: VARINT,
  uint32: VARINT,
  uint64: VARINT,
  sint32: VARINT,
  sint64: VARINT,
  fixed32: FIXED32,
  fixed64: FIXED64,
  sfixed32: FIXED32,
  sfixed64: FIXED64,
  bool: VARINT,
  string: LENGTH_DELIMITED,
  bytes: LENGTH_DELIMITED,
};

/** Largest number of bytes on the wire. Strings and bytes depend on the value. */
const SIZES: Readonly<Record<ScalarType, number>> = {
  double: 8,
  float: 4,
  int32: 10,
  int64: 10,
  uint32: 5,
  uint64: 10,
  sint32: 5,
  sint64: 10,
  fixed32: 4,
  fixed64: 8,
  sfixed32: 4,
  sfixed64: 8,
  bool: 1,
  string: 0,
  bytes: 0,
};

/** How one value of a field appears in the generated code. */
export interface ValueCode {
  /** Type of a value that is there: never nullable. */
  readonly type: string;
  /** Expression for the zero value; for a message a new one. */
  readonly zero: string;
  /** Whether `zero` may stand where there is no value. Messages are null there. */
  readonly isMessage: boolean;
  /** Objects can be null, numbers cannot. */
  readonly isObject: boolean;
  readonly wireType: number;
  /** Type of a value when it is written: that of a number, or `usize`, the address of an object. */
  readonly rawType: string;
  /** Whether a packed list has the same bytes in memory. */
  readonly isFixed: boolean;
  /** Condition under which a raw value is not the zero value. */
  isSet(raw: string): string;
  /** Expression that writes a raw value to `at`. */
  put(at: string, raw: string): string;
  /** Bytes that a value takes at most, without its tag, as far as they do not depend on the value. */
  readonly size: number;
  /** Expression for the bytes that a raw value takes at most beyond `size`. */
  readonly sizeOf: ((raw: string) => string) | undefined;
  /** Statements that read a value from `reader`. */
  readonly read: ReadCode;
}

/** How a value is read. Messages and lists are given by their addresses: see set.ts of the runtime. */
export interface ReadCode {
  /** Makes it the property of the message at `into` that is `offset` bytes behind its start. */
  toProperty(offset: string): string[];
  /** Adds it to the Array at `list`. */
  toList(list: string): string[];
  /** Gives it to `variable`, which holds the zero value or what was read before. */
  toVariable(variable: string): string[];
}

export function valueCode(value: ValueType, imports: Imports): ValueCode {
  switch (value.kind) {
    case "scalar":
      return scalarCode(value.scalar, imports);
    case "enum":
      return {
        ...scalarCode("int32", imports),
        // Open: a number that the enum does not name is a value too. In AssemblyScript an enum is an i32.
        type: imports.type(value.type),
      };
    case "message": {
      const type = imports.type(value.type);
      return {
        type,
        zero: `new ${type}()`,
        isMessage: true,
        isObject: true,
        wireType: LENGTH_DELIMITED,
        rawType: "usize",
        isFixed: false,
        isSet: (raw) => `${raw} != 0`,
        put: (at, raw) => `${imports.wire("putLength")}(${at}, ${type}.$put(${raw}, ${at} + 1))`,
        size: 5,
        sizeOf: (raw) => `${type}.$bound(${raw}, depth + 1)`,
        read: readMessage(type, imports),
      };
    }
  }
}

function scalarCode(scalar: ScalarType, imports: Imports): ValueCode {
  const isObject = scalar === "string" || scalar === "bytes";
  return {
    type: SCALARS[scalar],
    zero: zeroOf(scalar, imports),
    isMessage: false,
    isObject,
    wireType: WIRE_TYPES[scalar],
    rawType: isObject ? "usize" : SCALARS[scalar],
    isFixed: WIRE_TYPES[scalar] === FIXED32 || WIRE_TYPES[scalar] === FIXED64,
    isSet: (raw) => isSet(scalar, raw, imports),
    put: (at, raw) => `${imports.wire(`put${upperFirst(scalar)}`)}(${at}, ${raw})`,
    size: SIZES[scalar],
    sizeOf: isObject ? (raw) => `${imports.wire(`${scalar}Bound`)}(${raw})` : undefined,
    read: readScalar(scalar, imports),
  };
}

function readScalar(scalar: ScalarType, imports: Imports): ReadCode {
  const read = `reader.${scalar}()`;
  const toVariable = (variable: string) => [`${variable} = ${read};`];
  if (scalar === "string" || scalar === "bytes") {
    const add = scalar === "string" ? "addString" : "addBytes";
    return {
      toProperty: (offset) => [
        `${imports.wire("setObject")}(into, ${offset}, changetype<usize>(${read}));`,
      ],
      toList: (list) => [`${imports.wire(add)}(${list}, reader);`],
      toVariable,
    };
  }
  const type = SCALARS[scalar];
  return {
    toProperty: (offset) => [`store<${type}>(into, ${read}, ${offset});`],
    toList: (list) => [`${imports.wire("addItem")}<${type}>(${list}, ${read});`],
    toVariable,
  };
}

/** A message is merged into the one that is there. */
function readMessage(type: string, imports: Imports): ReadCode {
  const merge = (address: string) => [
    "const outer = reader.enterMessage();",
    `${type}.$merge(${address}, reader);`,
    "reader.leaveMessage(outer);",
  ];
  return {
    toProperty: (offset) => [
      `const message = ${imports.wire("messageAt")}<${type}>(into, ${offset});`,
      ...merge("message"),
    ],
    toList: (list) => [
      `const message = ${imports.wire("addMessage")}<${type}>(${list});`,
      ...merge("message"),
    ],
    toVariable: (variable) => merge(`changetype<usize>(${variable})`),
  };
}

function zeroOf(scalar: ScalarType, imports: Imports): string {
  switch (scalar) {
    case "string":
      return '""';
    case "bytes":
      return imports.wire("NO_BYTES");
    case "bool":
      return "false";
    default:
      return "0";
  }
}

function isSet(scalar: ScalarType, value: string, imports: Imports): string {
  switch (scalar) {
    case "string":
      return `${imports.wire("stringUnits")}(${value}) != 0`;
    case "bytes":
      return `${imports.wire("bytesSize")}(${value}) != 0`;
    case "bool":
      return value;
    // By its bits: -0.0 is not the zero value.
    case "double":
      return `reinterpret<u64>(${value}) != 0`;
    case "float":
      return `reinterpret<u32>(${value}) != 0`;
    default:
      return `${value} != 0`;
  }
}
