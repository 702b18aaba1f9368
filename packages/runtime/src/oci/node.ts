// What the loader calls for oci://, in Node.
export { pullPlugin } from "./pull-plugin.js";
