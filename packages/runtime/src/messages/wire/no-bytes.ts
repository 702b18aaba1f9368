/** The default of `bytes` fields. All share it, as there is nothing in it to change. */
export const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
