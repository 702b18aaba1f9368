export { NO_BYTES } from "./limits";
export { Reader } from "./reader";
export { UnknownFields } from "./unknown-fields";
export { Writer } from "./writer";
export { decode, encode } from "./message";
