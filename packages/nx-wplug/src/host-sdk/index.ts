export { emitHostSdk } from "./emit-host-sdk";
