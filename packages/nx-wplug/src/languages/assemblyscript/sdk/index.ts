export { emitAssemblyScript } from "./emit-assemblyscript";
