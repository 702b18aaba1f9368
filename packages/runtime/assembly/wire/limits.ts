/** How deep messages may be nested, the outermost counted: the limit of other implementations. */
export const MAX_DEPTH: i32 = 100;

/** Where no bytes are: what a `bytes` field is until it is set. Shared, as it has nothing that could be changed. */
export const NO_BYTES: Uint8Array = new Uint8Array(0);
