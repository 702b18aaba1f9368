import { ScalarType, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/**
 * Whether some field has a wire type that its declaration does not allow, at any depth. In malformed bytes, only the
 * fields before the first mistake count.
 */
export function hasWrongWireType(desc: DescMessage, bytes: Uint8Array): boolean {
  return someField(bytes, (number, wireType, content) => {
    const field = desc.fields.find((it) => it.number === number);
    if (field === undefined) return false;
    if (field.fieldKind === "map") {
      return wireType !== WireType.LengthDelimited || hasWrongEntry(field, content);
    }
    const expected = wireTypeOf(
      field.fieldKind === "list" ? field.listKind : field.fieldKind,
      field,
    );
    const isPacked = field.fieldKind === "list" && wireType === WireType.LengthDelimited;
    if (wireType !== expected && !isPacked) return true;
    return field.message !== undefined && hasWrongWireType(field.message, content);
  });
}

function hasWrongEntry(field: DescField & { fieldKind: "map" }, bytes: Uint8Array): boolean {
  return someField(bytes, (number, wireType, content) => {
    if (number === 1) return wireType !== scalarWireType(field.mapKey);
    if (number !== 2) return false;
    if (wireType !== wireTypeOf(field.mapKind, field)) return true;
    return field.message !== undefined && hasWrongWireType(field.message, content);
  });
}

function someField(
  bytes: Uint8Array,
  test: (number: number, wireType: WireType, content: Uint8Array) => boolean,
): boolean {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    let field: [number, WireType];
    let content: Uint8Array;
    try {
      field = reader.tag();
      const [number, wireType] = field;
      content =
        wireType === WireType.LengthDelimited
          ? bytesOf(reader)
          : // What follows the tag of a wrong wire type does not matter: the tag is enough.
            test(number, wireType, new Uint8Array(0))
            ? new Uint8Array(0)
            : reader.skip(wireType, number);
    } catch {
      return false;
    }
    if (test(field[0], field[1], content)) return true;
  }
  return false;
}

/** The content of a length-delimited field, as far as there is any. */
function bytesOf(reader: BinaryReader): Uint8Array {
  const length = Math.min(reader.uint32(), reader.len - reader.pos);
  const content = reader["buf"].subarray(reader.pos, reader.pos + length);
  reader.pos += length;
  return content;
}

function wireTypeOf(kind: "scalar" | "enum" | "message", field: DescField): WireType {
  if (kind === "message") return WireType.LengthDelimited;
  return kind === "enum" ? WireType.Varint : scalarWireType(field.scalar as ScalarType);
}

function scalarWireType(type: ScalarType): WireType {
  switch (type) {
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    default:
      return WireType.Varint;
  }
}
