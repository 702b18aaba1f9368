// What only Node can do.
export { HostDirectory, type HostDirectoryOptions } from "./files/host-directory.js";
