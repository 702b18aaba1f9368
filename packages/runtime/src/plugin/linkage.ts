/** What the build has to know of a plugin to link it, as its top level has registered it. */
export interface Linkage {
  /** Exports of its rpcs, in the order of their numbers. */
  readonly rpcs: string[];
  readonly versions: { readonly name: string; readonly version: number }[];
  /** Functions of the host that it may call, in the order of their numbers. */
  readonly hostFunctions: { readonly module: string; readonly name: string }[];
}

export const linkage: Linkage = { rpcs: [], versions: [], hostFunctions: [] };

/** In place of the number of an rpc, for the build: what answers is the linkage, as JSON. */
export const LINKAGE_RPC = 0xffff_ffff;
