/**
 * How deep messages may be nested, the outermost counted: the default of all official implementations.
 * https://protobuf.dev/programming-guides/proto-limits/
 */
export const MAX_DEPTH = 100;

export const TOO_DEEP = `messages are nested more than ${MAX_DEPTH} levels deep`;
/** As `TOO_DEEP`, of messages that are objects: bytes can't contain themselves. */
export const TOO_DEEP_OBJECTS = `${TOO_DEEP} (does one contain itself?)`;

/** Longest message in bytes: lengths are signed 32-bit numbers on many sides. */
export const MAX_LENGTH = 0x7fffffff;
