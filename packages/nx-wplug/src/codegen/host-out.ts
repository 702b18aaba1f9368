/** Where the SDK of hosts is, relative to the contract's project. */
export const HOST_OUT = "src/gen";
