import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Client, credentials, Metadata } from "@grpc/grpc-js";

import { GreeterPlugin, GreetReply, GreetRequest } from "./contract.mjs";
import { plainService } from "./plain-service.mjs";

const NAME = "a caller with a name of some length";

/** What makes one call of each server. */
export async function makeCallers(ports) {
  const baseUrl = (port) => `http://127.0.0.1:${port}`;
  const grpcTransport = (port) => createGrpcTransport({ baseUrl: baseUrl(port) });
  const plugin = await GreeterPlugin.connect(grpcTransport(ports.plugin));
  const connect = await GreeterPlugin.connect(
    createConnectTransport({ baseUrl: baseUrl(ports.plugin), httpVersion: "2" }),
  );
  const plain = createClient(plainService(), grpcTransport(ports.plain));
  const grpc = new Client(`127.0.0.1:${ports.grpc}`, credentials.createInsecure());
  return {
    plugin: () => plugin.sayHello({ name: NAME }),
    connect: () => connect.sayHello({ name: NAME }),
    plain: () => plain.sayHello({ name: NAME }),
    grpc: () =>
      new Promise((resolve, reject) =>
        grpc.makeUnaryRequest(
          "/helloworld.Greeter/SayHello",
          (request) => Buffer.from(request.encode()),
          (bytes) => GreetReply.decode(bytes),
          new GreetRequest({ name: NAME }),
          new Metadata(),
          (error, reply) => (error === null ? resolve(reply) : reject(error)),
        ),
      ),
  };
}
