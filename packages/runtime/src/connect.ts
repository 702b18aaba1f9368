/**
 * Serves plugins to other machines by Connect, gRPC and gRPC-Web: `@wplug/runtime/connect`. It needs `@connectrpc/connect`.
 *
 * @module
 */

export {
  connectRoutes,
  type ConnectRoutesOptions,
  type ServedService,
} from "./connect/connect-routes.js";
export {
  drainable,
  type DrainableResponse,
  type DrainableServer,
  type DrainableSession,
  type DrainOptions,
} from "./connect/drain.js";
export { pluginHealth, type PluginHealth } from "./connect/health.js";
export { serverReflection } from "./connect/reflection.js";
export { connectErrorOf } from "./connect/connect-error-of.js";
