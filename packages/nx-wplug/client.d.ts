/** What the plugin `wplug/vite` has for the pages that it bundles. */
declare module "virtual:wplug/plugins" {
  /** The built plugins of the host's contracts, by name. */
  export const plugins: readonly {
    /** Its project, or the path of a wasm file relative to the workspace. */
    readonly name: string;
    /** Where the page gets its wasm file. */
    readonly url: string;
  }[];
}
