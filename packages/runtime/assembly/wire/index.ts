export { addBytes, addItem, addMessage, addPackedFixed, addString } from "./add";
export {
  bytesBound,
  mayNest,
  stringBound,
  unknownBound,
} from "./bound";
export {
  MapEntry,
  bytesSize,
  isRemoved,
  listEnd,
  listItem,
  listLength,
  listStart,
  mapEnd,
  mapEntrySize,
  mapStart,
  stringUnits,
} from "./layout";
export { NO_BYTES } from "./limits";
export { decode, encode } from "./message";
export { Output } from "./output";
export {
  putBool,
  putBytes,
  putDouble,
  putFixed32,
  putFixed64,
  putFloat,
  putInt32,
  putInt64,
  putLength,
  putPackedFixed,
  putSfixed32,
  putSfixed64,
  putSint32,
  putSint64,
  putString,
  putTag,
  putUint32,
  putUint64,
  putUnknown,
} from "./put";
export { Reader } from "./reader";
export { messageAt, setObject } from "./set";
export { UnknownFields } from "./unknown-fields";
