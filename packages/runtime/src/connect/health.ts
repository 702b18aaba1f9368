import { create, type DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";

import type { ServedService } from "./connect-routes.js";
import { healthService, ServingStatus } from "./grpc-protos.js";

type Status = (typeof ServingStatus)[keyof typeof ServingStatus];

/** How often it is looked whether a plugin that somebody watches has ended, in milliseconds. */
const LOOK = 500;

/** Tells whether plugins answer: Kubernetes, load balancers, clients of gRPC. */
export interface PluginHealth {
  /** The health service of gRPC, by the names of the services and, as "", for all of them. */
  readonly routes: (router: ConnectRouter) => ConnectRouter;
  /** Whether all plugins answer calls, and no drain has begun: for a readiness probe by HTTP. */
  readonly ready: boolean;
  /** From now on nothing is ready: the server is about to end. Who watches is told, and the streams end. */
  drain(): void;
}

/**
 * The health of the plugins that a server has: `pluginHealth([[GreeterPlugin, greeter]])`.
 *
 * @param plugins with the loaders whose services they answer
 * @see https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function pluginHealth(
  plugins: Iterable<readonly [ServedService, { readonly retired: boolean }]>,
): PluginHealth {
  const served = new Map([...plugins].map(([{ service }, it]) => [service.typeName, it]));
  const draining = new AbortController();
  const isReady = (plugin: { readonly retired: boolean }): boolean =>
    !draining.signal.aborted && !plugin.retired;
  const areReady = (): boolean => !draining.signal.aborted && [...served.values()].every(isReady);
  const statusOf = (name: string): Status => {
    const plugin = served.get(name);
    if (name !== "" && plugin === undefined) return ServingStatus.SERVICE_UNKNOWN;
    const ready = plugin === undefined ? areReady() : isReady(plugin);
    return ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  };
  const { check, watch } = healthService.method as Readonly<Record<"check" | "watch", DescMethod>>;
  const response = (status: Status) => create(check.output, { status } as never);
  const nameIn = (request: unknown) => (request as { service: string }).service;
  return {
    routes: (router) =>
      router
        .rpc(check as DescMethod & { methodKind: "unary" }, (request) => {
          const status = statusOf(nameIn(request));
          if (status !== ServingStatus.SERVICE_UNKNOWN) return response(status);
          throw new ConnectError(`there is no service ${nameIn(request)}`, Code.NotFound);
        })
        .rpc(
          watch as DescMethod & { methodKind: "server_streaming" },
          async function* (request, { signal }: HandlerContext) {
            let last: Status | undefined;
            while (!signal.aborted) {
              // Before the status is looked at: what happens from then on must not be missed.
              const ending = draining.signal.aborted;
              const status = statusOf(nameIn(request));
              if (status !== last) yield response(status);
              last = status;
              // The server could not end before a stream that nobody else ends.
              if (ending) return;
              await pause(LOOK, signal, draining.signal);
            }
          },
        ),
    get ready() {
      return areReady();
    },
    drain() {
      draining.abort();
    },
  };
}

/** Resolves after so many milliseconds, or when a signal is aborted. */
function pause(time: number, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, time);
    for (const signal of signals) {
      if (signal.aborted) end();
      else signal.addEventListener("abort", end);
    }
  });
}
