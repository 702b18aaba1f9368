import { createServer } from "node:http";
import { connect as connectSocket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { Code, ConnectError, createConnectRouter } from "@connectrpc/connect";
import { expressConnectMiddleware } from "@connectrpc/connect-express";
import { fastifyConnectPlugin } from "@connectrpc/connect-fastify";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { createFetchHandler } from "@connectrpc/connect/protocol";
import { Client, credentials, Metadata, status, type ServiceError } from "@grpc/grpc-js";
import express from "express";
import { fastify } from "fastify";

import {
  HostFunctionError,
  PluginAbortedError,
  PluginClient,
  PluginError,
  PluginLimitError,
  PluginRetiredError,
  PluginTimeoutError,
  PluginTrapError,
  WplugError,
  type ConnectTransport,
  type LoadOptions,
} from "../index.js";
import { askLibrary, type Ask } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { listen, serveRoutes, type TestServer } from "../testing/connect-server.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";
import { connectRoutes } from "./connect-routes.js";

const started: { dispose?(): Promise<void>; close?(): Promise<void> }[] = [];

beforeEach(() => {
  // Connect reports there what it can't tell a caller who is gone.
  jest.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const it of started.splice(0).reverse()) await (it.dispose?.() ?? it.close?.());
});

function later<T extends (typeof started)[number]>(it: T): T {
  started.push(it);
  return it;
}

/** A plugin that does what requests say, for as long as the test runs. */
async function load(options: LoadOptions = {}, ask: Ask = (it) => it): Promise<GreeterPlugin> {
  const source = await wat(greeter(BEHAVIOURS));
  return later(
    await GreeterPlugin.load(source, { stderr: null, ...askLibrary(ask, false), ...options }),
  );
}

async function serve(
  plugin: object,
  options?: Parameters<typeof connectRoutes>[2],
): Promise<TestServer> {
  return later(await serveRoutes(2, connectRoutes(GreeterPlugin, plugin, options)));
}

function grpc({ url }: TestServer): ConnectTransport {
  return createGrpcTransport({ baseUrl: url });
}

describe("a plugin that is served", () => {
  const servers: Record<string, (routes: ReturnType<typeof connectRoutes>) => Promise<TestServer>> =
    {
      "node:http": (routes) => serveRoutes(1, routes),
      "node:http2": (routes) => serveRoutes(2, routes),
      async Fastify(routes) {
        const server = fastify();
        await server.register(fastifyConnectPlugin, { routes: (router) => void routes(router) });
        const url = await server.listen({ port: 0, host: "127.0.0.1" });
        return { url, port: Number(new URL(url).port), close: () => server.close() };
      },
      Express(routes) {
        const app = express();
        app.use(expressConnectMiddleware({ routes: (router) => void routes(router) }));
        return listen(createServer(app));
      },
    };
  const clients: Record<string, (baseUrl: string, httpVersion: "1.1" | "2") => ConnectTransport> = {
    Connect: (baseUrl, httpVersion) => createConnectTransport({ baseUrl, httpVersion }),
    "gRPC-Web": (baseUrl, httpVersion) => createGrpcWebTransport({ baseUrl, httpVersion }),
  };

  describe.each(Object.keys(servers))("by %s", (server) => {
    it.each(Object.keys(clients))("is called by %s", async (client) => {
      const { url } = later((await servers[server]?.(connectRoutes(GreeterPlugin, await load())))!);
      const transport = clients[client]?.(url, server === "node:http2" ? "2" : "1.1");
      const remote = await GreeterPlugin.connect(transport!);
      const request = { name: "ada", inner: { name: "é".repeat(1000) } };
      const answer = await remote.sayHello(request);
      expect(answer).toBeInstanceOf(Inner);
      expect(answer).toEqual(new Inner(request));
      expect((await remote.sayHello({})).name).toBe("");
      expect(remote.stats()).toMatchObject({ calls: 2, errors: 0 });
    });
  });

  it("is called by gRPC, as a fetch handler, and by another host that serves it again", async () => {
    const server = await serve(await load());
    const remote = await GreeterPlugin.connect(grpc(server));
    expect((await remote.sayHello({ name: "ada" })).name).toBe("ada");
    // In a chain, errors keep their class.
    const next = await GreeterPlugin.connect(grpc(await serve(remote)));
    expect((await next.sayHello({ name: "ada" })).name).toBe("ada");
    await expect(next.sayHello({ name: "trap" })).rejects.toThrow(PluginTrapError);

    const router = connectRoutes(GreeterPlugin, await load())(createConnectRouter());
    const handle = createFetchHandler(router.handlers[0]!);
    const response = await handle(
      new Request(`http://plugins${router.handlers[0]!.requestPath}`, {
        method: "POST",
        headers: { "Content-Type": "application/proto" },
        body: new Inner({ name: "ada" }).encode(),
      }),
    );
    expect(Inner.decode(new Uint8Array(await response.arrayBuffer())).name).toBe("ada");
  });

  it("is called by the client of @grpc/grpc-js", async () => {
    const { port } = await serve(await load());
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const call = (name: string, options = {}): Promise<Inner> =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest(
          "/test.v1.Greeter/SayHello",
          (request: Inner) => Buffer.from(request.encode()),
          (bytes) => Inner.decode(bytes),
          new Inner({ name }),
          new Metadata(),
          options,
          (error, answer) => (error === null ? resolve(answer!) : reject(error)),
        ),
      );
    expect((await call("ada")).name).toBe("ada");
    const error = await call("trap").catch((it: unknown) => it as ServiceError);
    expect(error).toMatchObject({
      code: status.INTERNAL,
      details: "the plugin crashed during sayHello",
    });
    client.close();
  });

  it("tells its host functions who calls: the context of Connect, or what the application makes of it", async () => {
    const seen: unknown[] = [];
    const plugin = await load({}, (request, { context, signal }) => {
      seen.push(context, signal);
      return request;
    });
    const server = await serve(plugin);
    const headers = (context: unknown) => ({ "x-user": String(context) });
    const remote = await GreeterPlugin.connect(grpc(server), { headers });
    await remote.sayHello({ name: "h" }, { context: "ada" });
    const [context, signal] = seen.splice(0) as [{ requestHeader: Headers }, AbortSignal];
    expect(context.requestHeader.get("x-user")).toBe("ada");
    expect(signal).toBeInstanceOf(AbortSignal);

    const gate = await serve(plugin, {
      context({ requestHeader }) {
        const user = requestHeader.get("x-user");
        if (user === "eve") throw new ConnectError("who are you?", Code.Unauthenticated);
        return { user };
      },
    });
    const guarded = await GreeterPlugin.connect(grpc(gate), { headers });
    await guarded.sayHello({ name: "h" }, { context: "ada" });
    expect(seen[0]).toEqual({ user: "ada" });
    const refused = guarded.sayHello({ name: "h" }, { context: "eve" });
    await expect(refused).rejects.toThrow("who are you?");
    await expect(refused).rejects.toMatchObject({ cause: { code: Code.Unauthenticated } });
  });

  it("waits until the application knows who calls, and does not blame the plugin if it can't tell", async () => {
    const seen: unknown[] = [];
    const plugin = await load({}, (request, { context }) => {
      seen.push(context);
      return request;
    });
    let user = (): Promise<string> => Promise.resolve("ada");
    const causes: unknown[] = [];
    const server = await serve(plugin, {
      context: () => user(),
      interceptors: [
        (next) => (request) =>
          next(request).catch((error: unknown) => {
            causes.push((error as ConnectError).cause);
            throw error;
          }),
      ],
    });
    const remote = await GreeterPlugin.connect(grpc(server));
    await remote.sayHello({ name: "h" });
    expect(seen).toEqual(["ada"]);

    const secret = new Error("no route to the directory at 10.0.0.7");
    user = () => Promise.reject(secret);
    const failed = remote.sayHello({ name: "h" });
    await expect(failed).rejects.toThrow(/the host can't tell who calls sayHello$/);
    await expect(failed).rejects.toMatchObject({ cause: { code: Code.Internal } });
    expect(seen).toEqual(["ada"]);
    expect(causes).toEqual([secret]);
  });
});

describe("a call from elsewhere that fails", () => {
  /** The error of a call, and the code that its caller got. */
  async function failure(plugin: object, name: string): Promise<[Error, Code | undefined]> {
    const remote = await GreeterPlugin.connect(grpc(await serve(plugin)));
    const error = await remote.sayHello({ name }).catch((it: unknown) => it as Error);
    return [error as Error, ((error as Error).cause as ConnectError | undefined)?.code];
  }

  it("has the class that it has in the host, and the code of gRPC for it", async () => {
    const failing = (error: Error) => ({ sayHello: () => Promise.reject(error) });
    const cases: readonly (readonly [Error, new (...args: never[]) => Error, Code, string])[] = [
      [new PluginError("no such greeting"), PluginError, Code.Unknown, "no such greeting"],
      [new PluginError("[not_found] nobody"), PluginError, Code.NotFound, "[not_found] nobody"],
      [new PluginError("[toString] nobody"), PluginError, Code.Unknown, "[toString] nobody"],
      [new PluginTimeoutError("late", 5), PluginTimeoutError, Code.DeadlineExceeded, "late"],
      [new PluginLimitError("full"), PluginLimitError, Code.ResourceExhausted, "full"],
      [
        new PluginRetiredError("it was disposed of, says /etc/secret"),
        PluginRetiredError,
        Code.Unavailable,
        "the plugin is not available for sayHello",
      ],
      [
        new HostFunctionError("no route to 10.0.0.1"),
        HostFunctionError,
        Code.Internal,
        "a function of the host failed during sayHello",
      ],
      [new TypeError("secret"), WplugError, Code.Internal, "the plugin crashed during sayHello"],
    ];
    for (const [thrown, type, expected, text] of cases) {
      const [error, code] = await failure(failing(thrown), "a");
      expect([error.name, error.message, code]).toEqual([error.name, text, expected]);
      expect(error).toBeInstanceOf(type);
    }
  });

  it("tells a stranger nothing of why a plugin crashed, and the server goes on", async () => {
    const plugin = await load({ isolation: "worker" });
    const server = await serve(plugin);
    const remote = await GreeterPlugin.connect(grpc(server));
    await expect(remote.sayHello({ name: "trap" })).rejects.toThrow(
      /^the plugin crashed during sayHello$/,
    );
    expect((await remote.sayHello({ name: "ada" })).name).toBe("ada");
  });

  it("is ended at the deadline of the caller, and when the caller is gone", async () => {
    const plugin = await load({ isolation: "worker" });
    const transport = grpc(await serve(plugin));
    const hurried = await GreeterPlugin.connect(transport, { limits: { time: 200 } });
    await expect(hurried.sayHello({ name: "loop" })).rejects.toThrow(PluginTimeoutError);
    // Starting the next instance may take longer than that.
    const remote = await GreeterPlugin.connect(transport);
    const abort = new AbortController();
    const aborted = remote.sayHello({ name: "loop" }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    await expect(aborted).rejects.toThrow(PluginAbortedError);
    // The plugin itself was ended, or this would wait for it.
    expect((await remote.sayHello({ name: "ada" })).name).toBe("ada");
    expect(plugin.stats()).toMatchObject({ calls: 3, errors: 2 });
  });

  it("is refused where the queue of a pool is full", async () => {
    const plugin = await load({ isolation: "worker", pool: { size: 1, queue: 0 } });
    const remote = await GreeterPlugin.connect(grpc(await serve(plugin)));
    const abort = new AbortController();
    const busy = remote.sayHello({ name: "loop" }, { signal: abort.signal });
    busy.catch(() => {});
    await delay(100);
    await expect(remote.sayHello({ name: "a" })).rejects.toThrow(
      "sayHello: 0 calls wait for an instance already (pool.queue)",
    );
    abort.abort();
  });
});

describe("a server of plugins that gets what it can't use", () => {
  async function post(
    { url }: TestServer,
    path: string,
    body: Uint8Array | string,
    type = "application/proto",
  ): Promise<[number, { code?: string; message?: string }]> {
    const headers = { "Content-Type": type };
    const response = await fetch(url + path, { method: "POST", headers, body: body as never });
    const text = await response.text();
    return [response.status, text.startsWith("{") ? JSON.parse(text) : {}];
  }
  const PATH = "/test.v1.Greeter/SayHello";

  it("says what is wrong, and goes on", async () => {
    const plugin = await load();
    const routes = connectRoutes(GreeterPlugin, plugin, { readMaxBytes: 1000 });
    const server = later(await serveRoutes(1, routes));
    // No message: field 1 is a text of 5 bytes, of which there are 2.
    expect(await post(server, PATH, Uint8Array.of(10, 5, 1, 2))).toMatchObject([500, {}]);
    // One that is none further inside.
    expect(await post(server, PATH, Uint8Array.of(18, 2, 10, 5))).toEqual([
      400,
      {
        code: "invalid_argument",
        message: expect.stringMatching(/^the request of sayHello is no test\.v1\.Inner: /),
      },
    ]);
    expect(await post(server, PATH, new Inner({ name: "a".repeat(2000) }).encode())).toMatchObject([
      429,
      { code: "resource_exhausted" },
    ]);
    // JSON would lose its fields, which nobody knows here.
    expect((await post(server, PATH, `{"name":"ada"}`, "application/json"))[0]).toBe(415);
    expect((await post(server, PATH, "<a/>", "text/xml"))[0]).toBe(415);
    expect((await post(server, "/test.v1.Greeter/SayBye", "a"))[0]).toBe(404);
    expect((await post(server, PATH, new Inner({ name: "ada" }).encode()))[0]).toBe(200);
    expect(plugin.stats()).toMatchObject({ calls: 1 });
  });

  it("goes on when callers vanish in the middle of a request or an answer", async () => {
    const plugin = await load({ isolation: "worker" });
    const server = later(await serveRoutes(1, connectRoutes(GreeterPlugin, plugin)));
    const head = `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/proto\r\nContent-Length: 8\r\n\r\n`;
    for (const body of ["", "\n\u0006", "\n\u0006looper"]) {
      const socket = connectSocket(server.port, "127.0.0.1", () => socket.write(head + body));
      await delay(50);
      socket.destroy();
    }
    const transport = createConnectTransport({ baseUrl: server.url, httpVersion: "1.1" });
    const remote = await GreeterPlugin.connect(transport);
    expect((await remote.sayHello({ name: "ada" })).name).toBe("ada");
  });

  it("answers callers of a plugin that was disposed, or of a service that it does not have", async () => {
    const plugin = await load();
    const server = await serve(plugin);
    await plugin.dispose();
    const remote = await GreeterPlugin.connect(grpc(server));
    await expect(remote.sayHello({})).rejects.toThrow("the plugin is not available for sayHello");
    await expect(remote.sayHello({})).rejects.toThrow(PluginRetiredError);

    const empty = later(await serveRoutes(2, (router) => router));
    const call = (await GreeterPlugin.connect(grpc(empty))).sayHello({});
    await expect(call).rejects.toThrow(WplugError);
    await expect(call).rejects.toMatchObject({ cause: { code: Code.Unimplemented } });
  });
});

describe("a client of a plugin on another machine", () => {
  it("says which server it can't reach", async () => {
    const server = await serve(await load());
    await server.close();
    const remote = await GreeterPlugin.connect(grpc(server));
    const call = remote.sayHello({});
    await expect(call).rejects.toThrow(WplugError);
    await expect(call).rejects.toThrow(/^sayHello: .*ECONNREFUSED/);
  });

  it("refuses host functions, `sync`, and what only the server has", async () => {
    const transport = grpc(await serve(await load()));
    await expect(GreeterPlugin.connect(transport, { host: {} } as never)).rejects.toThrow(
      "host: a plugin on another machine can't call functions of this host: give them to the server, where it is loaded",
    );
    const remote = await GreeterPlugin.connect(transport);
    expect(remote).toBeInstanceOf(PluginClient);
    expect(() => remote.sync.sayHello({})).toThrow(/^sync\.sayHello: the plugin runs on another/);
    expect(() => remote.module).toThrow("where its module is");
    await expect(remote.sayHello({}, { signal: AbortSignal.abort() })).rejects.toThrow(
      PluginAbortedError,
    );
    await remote.dispose();
    expect(remote.retired).toBe(true);
    await expect(remote.sayHello({})).rejects.toThrow("the client was disposed: connect again");
  });

  it("is traced like any other", async () => {
    const spans: string[] = [];
    const remote = await GreeterPlugin.connect(grpc(await serve(await load())), {
      hooks: {
        call({ name, attributes }) {
          spans.push(`${name} of ${attributes["wplug.plugin"]}`);
          return () => void spans.push("end");
        },
      },
    });
    await remote.sayHello({});
    expect(spans).toEqual(["test.v1.Greeter/SayHello of test.v1.Greeter", "end"]);
  });
});
