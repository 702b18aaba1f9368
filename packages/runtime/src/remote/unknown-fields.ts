/** A message of `@bufbuild/protobuf` of which nothing but unknown fields is known. */
export interface UnknownMessage {
  readonly $typeName: string;
  $unknown?: UnknownField[];
}

/** As `@bufbuild/protobuf` keeps it: the bytes behind its tag. */
export interface UnknownField {
  readonly no: number;
  readonly wireType: number;
  readonly data: Uint8Array;
}

/**
 * A message with these bytes. All that is behind the first tag counts as its data: whoever writes the message writes the tag and
 * then the data, and so the same bytes.
 */
export function messageOfBytes(typeName: string, bytes: Uint8Array): UnknownMessage {
  if (bytes.length === 0) return { $typeName: typeName };
  let tag = 0;
  let position = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[position++] ?? 0;
    tag |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const data = bytes.subarray(position);
  return { $typeName: typeName, $unknown: [{ no: tag >>> 3, wireType: tag & 7, data }] };
}

/** The bytes of a message, in the order in which its fields were read. */
export function bytesOfMessage({ $unknown = [] }: UnknownMessage): Uint8Array {
  let size = 0;
  for (const { no, data } of $unknown) size += tagSize(no) + data.length;
  const bytes = new Uint8Array(size);
  let position = 0;
  for (const { no, wireType, data } of $unknown) {
    let tag = ((no << 3) | wireType) >>> 0;
    for (; tag >= 0x80; tag >>>= 7) bytes[position++] = (tag & 0x7f) | 0x80;
    bytes[position++] = tag;
    bytes.set(data, position);
    position += data.length;
  }
  return bytes;
}

/** Field numbers have 29 bits, and 3 are for the wire type. */
function tagSize(no: number): number {
  return no < 1 << 4 ? 1 : no < 1 << 11 ? 2 : no < 1 << 18 ? 3 : no < 1 << 25 ? 4 : 5;
}
