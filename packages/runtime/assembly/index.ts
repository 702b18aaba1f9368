export { fail } from "./fail";
export { fs } from "./fs";
