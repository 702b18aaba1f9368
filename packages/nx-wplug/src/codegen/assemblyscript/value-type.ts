import type { ScalarType, ValueType } from "../contract";
import type { Imports } from "./imports";

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
  /** Condition under which `value` is not the zero value. */
  isSet(value: string): string;
  /** Call that writes `value`, after `writer.tag(…)`. */
  write(value: string): string;
  /** Expression that reads a value; a message is merged into `current`. */
  read(current: string): string;
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
        isSet: (it) => `${it} !== null`,
        write: (it) => `message<${type}>(${it})`,
        read: (current) => `reader.message<${type}>(${current})`,
      };
    }
  }
}

function scalarCode(scalar: ScalarType, imports: Imports): ValueCode {
  return {
    type: SCALARS[scalar],
    zero: zeroOf(scalar, imports),
    isMessage: false,
    isObject: scalar === "string" || scalar === "bytes",
    wireType: WIRE_TYPES[scalar],
    isSet: (it) => isSet(scalar, it),
    write: (it) => `${scalar}(${it})`,
    read: () => `reader.${scalar}()`,
  };
}

function zeroOf(scalar: ScalarType, imports: Imports): string {
  switch (scalar) {
    case "string":
      return '""';
    case "bytes":
      return imports.use("@wplug/runtime/assembly/wire", "NO_BYTES");
    case "bool":
      return "false";
    default:
      return "0";
  }
}

function isSet(scalar: ScalarType, value: string): string {
  switch (scalar) {
    case "string":
    case "bytes":
      return `${value}.length != 0`;
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
