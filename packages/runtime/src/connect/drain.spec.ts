import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";

import {
  connectNodeAdapter,
  createConnectTransport,
  createGrpcTransport,
} from "@connectrpc/connect-node";
import { Client, credentials, Metadata } from "@grpc/grpc-js";

import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { listen } from "../testing/connect-server.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";
import { connectRoutes } from "./connect-routes.js";
import { drainable } from "./drain.js";
import { pluginHealth, type PluginHealth } from "./health.js";

const SLOW = 300;

afterEach(() => jest.restoreAllMocks());

async function slowPlugin(): Promise<GreeterPlugin> {
  const slow = askLibrary(async (request) => {
    await delay(SLOW);
    return request;
  }, true);
  return GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
    ...slow,
    isolation: "worker",
    pool: { size: 4 },
  });
}

function serving(plugin: GreeterPlugin, health: PluginHealth) {
  return connectNodeAdapter({
    routes(router) {
      connectRoutes(GreeterPlugin, plugin)(router);
      health.routes(router);
    },
  });
}

describe.each(["HTTP/1", "HTTP/2"])("a server of %s that drains", (version) => {
  const http1 = version === "HTTP/1";

  it("answers the calls that it has, takes no new ones, and ends", async () => {
    const plugin = await slowPlugin();
    const health = pluginHealth([[GreeterPlugin, plugin]]);
    const handler = serving(plugin, health);
    const server = http1 ? createServer(handler) : createHttp2Server(handler);
    const drain = drainable(server);
    const { url } = await listen(server);
    const transport = () =>
      http1
        ? createConnectTransport({ baseUrl: url, httpVersion: "1.1" })
        : createGrpcTransport({ baseUrl: url });
    const remote = await GreeterPlugin.connect(transport());
    await remote.sayHello({ name: "first" });
    const names = Array.from({ length: 8 }, (_, i) => `h${i}`);
    const calls = names.map((name) => remote.sayHello({ name }));
    while (plugin.stats().calls < 1 + names.length) await delay(5);
    health.drain();
    expect(health.ready).toBe(false);
    const drained = drain();
    expect((await Promise.all(calls)).map(({ name }) => name)).toEqual(names);
    await drained;
    await expect((await GreeterPlugin.connect(transport())).sayHello({})).rejects.toThrow();
    await plugin.dispose();
  });

  it("goes on for a while, if that is asked for, and gives up calls after another", async () => {
    // Connect reports there what it can't tell a caller who is gone.
    jest.spyOn(console, "error").mockImplementation(() => {});
    const plugin = await slowPlugin();
    const handler = serving(plugin, pluginHealth([]));
    const server = http1 ? createServer(handler) : createHttp2Server(handler);
    const drain = drainable(server);
    const { url } = await listen(server);
    const remote = await GreeterPlugin.connect(
      http1
        ? createConnectTransport({ baseUrl: url, httpVersion: "1.1" })
        : createGrpcTransport({ baseUrl: url }),
    );
    const drained = drain({ delay: 200, grace: 100 });
    expect((await remote.sayHello({ name: "ada" })).name).toBe("ada");
    await delay(150);
    const late = remote.sayHello({ name: "loop" });
    late.catch(() => {});
    await drained;
    await expect(late).rejects.toThrow();
    await plugin.dispose();
  });
});

describe("the health service", () => {
  it("follows the plugins, by the names of their services and for all", async () => {
    const source = await wat(greeter());
    const plugin = await GreeterPlugin.load(source);
    const health = pluginHealth([[GreeterPlugin, plugin]]);
    const server = createHttp2Server(serving(plugin, health));
    const { port, close } = await listen(server);
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    /** The status, or the code of the error. */
    const check = (service: string): Promise<number> =>
      new Promise((resolve) =>
        client.makeUnaryRequest(
          "/grpc.health.v1.Health/Check",
          (name: string) =>
            name === "" ? Buffer.alloc(0) : Buffer.from([10, name.length, ...Buffer.from(name)]),
          (bytes) => bytes[1] ?? 0,
          service,
          new Metadata(),
          (error, status) => resolve(error === null ? status! : -error.code),
        ),
      );
    expect(await check("")).toBe(1);
    expect(await check("test.v1.Greeter")).toBe(1);
    expect(await check("test.v1.Unknown")).toBe(-5);
    await plugin.dispose();
    expect(await check("test.v1.Greeter")).toBe(2);
    expect(await check("")).toBe(2);
    client.close();
    await close();
  });

  it("tells who watches of every change, and ends the stream when a drain begins", async () => {
    const source = await wat(greeter());
    const plugin = await GreeterPlugin.load(source);
    const other = await GreeterPlugin.load(source);
    const health = pluginHealth([[GreeterPlugin, plugin]]);
    const rest = pluginHealth([[GreeterPlugin, other]]);
    const server = createHttp2Server(serving(plugin, health));
    const drain = drainable(server);
    const { port } = await listen(server);
    const second = await listen(createHttp2Server(serving(other, rest)));
    const watch = (at: number, service: string, seen: number[]): Promise<void> => {
      const client = new Client(`127.0.0.1:${at}`, credentials.createInsecure());
      const stream = client.makeServerStreamRequest(
        "/grpc.health.v1.Health/Watch",
        (name: string) => Buffer.from([10, name.length, ...Buffer.from(name)]),
        (bytes) => bytes[1] ?? 0,
        service,
      );
      stream.on("data", (status: number) => seen.push(status));
      return new Promise((resolve, reject) =>
        stream
          .on("error", reject)
          .on("end", () => resolve())
          .on("close", () => client.close()),
      );
    };
    const [known, unknown, retired]: [number[], number[], number[]] = [[], [], []];
    const ended = [
      watch(port, "test.v1.Greeter", known),
      watch(port, "test.v1.Unknown", unknown),
      watch(second.port, "test.v1.Greeter", retired),
    ];
    while ([known, unknown, retired].some((it) => it.length === 0)) await delay(5);
    await other.dispose();
    while (retired.length < 2) await delay(5);
    expect(retired).toEqual([1, 2]);
    health.drain();
    // It waits for the streams.
    await drain();
    rest.drain();
    await Promise.all(ended);
    expect(known).toEqual([1, 2]);
    expect(unknown).toEqual([3]);
    await second.close();
    await plugin.dispose();
  });

  it("is not ready from the moment on when a drain begins", async () => {
    const plugin = await GreeterPlugin.load(await wat(greeter()));
    const health = pluginHealth([[GreeterPlugin, plugin]]);
    expect(health.ready).toBe(true);
    health.drain();
    expect(health.ready).toBe(false);
    await plugin.dispose();
  });
});
