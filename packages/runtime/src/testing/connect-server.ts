import { createServer, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import { type AddressInfo, type Socket } from "node:net";

import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter, type ConnectNodeAdapterOptions } from "@connectrpc/connect-node";

/** A server of this machine. */
export interface TestServer {
  /** `http://127.0.0.1:1234` */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

type Routes = (router: ConnectRouter) => unknown;

/** A server of `node:http` or `node:http2` with these routes. */
export async function serveRoutes(
  http: 1 | 2,
  routes: Routes,
  options: Partial<ConnectNodeAdapterOptions> = {},
): Promise<TestServer> {
  const handler = connectNodeAdapter({ ...options, routes: (router) => void routes(router) });
  return listen(http === 1 ? createServer(handler) : createHttp2Server(handler));
}

/** Starts a server on a free port. */
export async function listen(server: Server | Http2Server): Promise<TestServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
