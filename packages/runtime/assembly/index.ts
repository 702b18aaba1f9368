export { fail } from "./fail";
