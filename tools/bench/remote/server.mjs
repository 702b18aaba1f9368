import { createServer } from "node:http2";

import { connectNodeAdapter } from "@connectrpc/connect-node";
import { Server, ServerCredentials } from "@grpc/grpc-js";

import { connectRoutes } from "@wplug/runtime/connect";

import { GreeterPlugin, GreetReply, GreetRequest } from "./contract.mjs";
import { plainService } from "./plain-service.mjs";

const Greeter = plainService();
const greet = ({ name }) => ({ message: `Good morning, ${name}` });

/**
 * Starts the servers that the benchmark calls.
 *
 * @param {string} plugin path of its wasm
 * @returns their ports
 */
export async function startServers(plugin) {
  const greeter = await GreeterPlugin.load(plugin);
  return {
    plugin: await listen((router) => connectRoutes(GreeterPlugin, greeter)(router)),
    plain: await listen((router) => router.service(Greeter, { sayHello: greet })),
    grpc: await listenGrpc(),
  };
}

function listen(routes) {
  const server = createServer(connectNodeAdapter({ routes }));
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(server.address().port)),
  );
}

/** A service of @grpc/grpc-js with the fastest codec at hand: that of the SDK. */
function listenGrpc() {
  const server = new Server();
  const sayHello = {
    path: "/helloworld.Greeter/SayHello",
    requestStream: false,
    responseStream: false,
    requestSerialize: (request) => Buffer.from(request.encode()),
    requestDeserialize: (bytes) => GreetRequest.decode(bytes),
    responseSerialize: (reply) => Buffer.from(reply.encode()),
    responseDeserialize: (bytes) => GreetReply.decode(bytes),
  };
  server.addService(
    { sayHello },
    { sayHello: ({ request }, callback) => callback(null, new GreetReply(greet(request))) },
  );
  return new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
}
