import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";

import type { ServiceDescriptor } from "../descriptors/service-descriptor.js";
import { rawService } from "../remote/raw-descriptors.js";
import { messageOfBytes, type UnknownMessage } from "../remote/unknown-fields.js";
import type { ServedService } from "./connect-routes.js";

/** grpc.health.v1.HealthCheckResponse.ServingStatus */
const SERVING = 1;
const NOT_SERVING = 2;
/** Tag of the only field of both messages: the name of a service, and the status. */
const SERVICE_FIELD = 1;
const STATUS_TAG = 8;

/** https://github.com/grpc/grpc/blob/master/doc/health-checking.md, without Watch, which clients do without. */
const healthService = {
  typeName: "grpc.health.v1.Health",
  name: "Health",
  version: 1,
  apiVersionExport: "",
  hostFunctions: [],
  methods: {
    check: {
      name: "check",
      wasmName: "",
      input: { typeName: "grpc.health.v1.HealthCheckRequest" } as never,
      output: { typeName: "grpc.health.v1.HealthCheckResponse" } as never,
    },
  },
} satisfies ServiceDescriptor;

/** Tells whether plugins answer: Kubernetes, load balancers, clients of gRPC. */
export interface PluginHealth {
  /** The health service of gRPC, by the names of the services and, as "", for all of them. */
  readonly routes: (router: ConnectRouter) => ConnectRouter;
  /** Whether all plugins answer calls, and no drain has begun: for a readiness probe by HTTP. */
  readonly ready: boolean;
  /** From now on nothing is ready: the server is about to end. */
  drain(): void;
}

/**
 * The health of the plugins that a server has: `pluginHealth([[GreeterPlugin, greeter]])`.
 *
 * @param plugins with the loaders whose services they answer
 */
export function pluginHealth(
  plugins: Iterable<readonly [ServedService, { readonly retired: boolean }]>,
): PluginHealth {
  const served = new Map([...plugins].map(([{ service }, it]) => [service.typeName, it]));
  let draining = false;
  const isReady = (plugin: { readonly retired: boolean }): boolean => !draining && !plugin.retired;
  const areReady = (): boolean => [...served.values()].every(isReady) && !draining;
  const check = (request: UnknownMessage): UnknownMessage => {
    const name = serviceOf(request);
    const plugin = served.get(name);
    if (name !== "" && plugin === undefined) {
      throw new ConnectError(`there is no service ${name}`, Code.NotFound);
    }
    const ready = plugin === undefined ? areReady() : isReady(plugin);
    return messageOfBytes(
      healthService.methods.check.output["typeName"],
      Uint8Array.of(STATUS_TAG, ready ? SERVING : NOT_SERVING),
    );
  };
  return {
    routes: (router) => router.service(rawService(healthService) as never, { check } as never),
    get ready() {
      return areReady();
    },
    drain() {
      draining = true;
    },
  };
}

function serviceOf({ $unknown = [] }: UnknownMessage): string {
  // The last one counts. In front of the text is its length, of which a name of a service needs one byte.
  const field = $unknown.filter(({ no }) => no === SERVICE_FIELD).at(-1);
  return field === undefined ? "" : new TextDecoder().decode(field.data.subarray(1));
}
