export { emitTypeScript } from "./emit-typescript";
