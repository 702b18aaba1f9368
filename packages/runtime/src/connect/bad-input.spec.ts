import { connect, constants, type ClientHttp2Session } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

import { PluginRetiredError, type ConnectTransport, type LoadOptions } from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { serveRoutes, type TestServer } from "../testing/connect-server.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";
import { connectRoutes } from "./connect-routes.js";
import { pluginHealth } from "./health.js";

const PATH = "/test.v1.Greeter/SayHello";
const HEALTH = "/grpc.health.v1.Health/Check";
const LIMIT = 100_000;

const cleanUp: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  // Connect reports there what it can't tell a caller who is gone.
  jest.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(async () => {
  for (const end of cleanUp.splice(0).reverse()) await end();
  jest.restoreAllMocks();
});

async function serve(options: LoadOptions = { isolation: "worker" }) {
  const plugin = await GreeterPlugin.load(await wat(greeter(BEHAVIOURS)), {
    stderr: null,
    ...askLibrary((it) => it, false),
    ...options,
  });
  cleanUp.push(() => plugin.dispose());
  const health = pluginHealth([[GreeterPlugin, plugin]]);
  const server = await serveRoutes(2, (router) => {
    connectRoutes(GreeterPlugin, plugin, { readMaxBytes: LIMIT })(router);
    health.routes(router);
  });
  cleanUp.push(() => server.close());
  return { plugin, server, health };
}

function open({ url }: TestServer): ClientHttp2Session {
  const session = connect(url);
  session.on("error", () => {});
  cleanUp.push(async () => session.destroy());
  return session;
}

interface Outcome {
  readonly http: number;
  /** `grpc-status` and `grpc-message`. */
  readonly status: string | undefined;
  readonly message: string;
  readonly body: Buffer;
}

/** Sends these bytes as a request of gRPC, whatever they are. */
function send(
  session: ClientHttp2Session,
  bytes: Uint8Array,
  path = PATH,
  more: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc+proto",
      te: "trailers",
      ...more,
    });
    let head: Record<string, unknown> = {};
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => (head = { ...headers }));
    stream.on("trailers", (trailers) => (head = { ...head, ...trailers }));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      // As clients do that have an answer before all of the request is sent.
      stream.close(constants.NGHTTP2_CANCEL);
      resolve({
        http: Number(head[":status"]),
        status: head["grpc-status"] as string | undefined,
        message: decodeURIComponent(String(head["grpc-message"] ?? "")),
        body: Buffer.concat(chunks),
      });
    });
    stream.end(bytes);
  });
}

/** A message as gRPC frames it. */
function frame(message: Uint8Array, { flags = 0, size = message.length } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(size, 1);
  return Buffer.concat([head, message]);
}

const ok = frame(new Inner({ name: "ada" }).encode());

it.each([
  [
    "a body that is no message: as servers of gRPC answer that",
    frame(Uint8Array.of(10, 5, 1, 2)),
    Code.Internal,
    /./,
  ],
  [
    "one that is none further inside",
    frame(Uint8Array.of(18, 2, 10, 5)),
    Code.InvalidArgument,
    /^the request of sayHello is no test\.v1\.Inner: /,
  ],
  [
    "a body over the limit",
    frame(new Inner({ name: "a".repeat(LIMIT) }).encode()),
    Code.ResourceExhausted,
    /message size \d+ is larger than configured readMaxBytes 100000/,
  ],
  [
    "a frame that says it is over the limit, without being so",
    frame(Uint8Array.of(1), { size: 2 ** 32 - 1 }),
    Code.ResourceExhausted,
    /message size 4294967295 is larger than configured readMaxBytes 100000/,
  ],
  ["a frame that ends too early", frame(Uint8Array.of(1), { size: 99 }), Code.InvalidArgument, /./],
  ["a frame whose head ends too early", Buffer.of(0, 0), Code.InvalidArgument, /./],
  ["no frame at all", Buffer.alloc(0), Code.Unimplemented, /./],
  ["two messages for a call of one", Buffer.concat([ok, ok]), Code.Unimplemented, /./],
  [
    "a frame that says it is packed, and how is not said",
    frame(ok, { flags: 1 }),
    Code.Internal,
    /./,
  ],
])(
  "By HTTP/2, %s has a code and a sentence, and the server goes on",
  async (_what, bytes, code, sentence) => {
    const { plugin, server } = await serve();
    const session = open(server);
    const { http, status, message } = await send(session, bytes);
    expect([http, Code[Number(status)]]).toEqual([200, Code[code]]);
    expect(message).toMatch(sentence);
    expect(message).not.toContain("\n");
    expect(plugin.stats().calls).toBe(0);
    // On the same connection.
    const after = await send(session, ok);
    expect([after.status, after.body.equals(ok)]).toEqual(["0", true]);
  },
);

it("By HTTP/2, what is packed ends at the limit, and the server goes on", async () => {
  const { server } = await serve();
  const session = open(server);
  const gzip = { "grpc-encoding": "gzip" };
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  expect(bomb.length).toBeLessThan(LIMIT);
  const before = process.memoryUsage.rss();
  const outcome = await send(session, frame(bomb, { flags: 1 }), PATH, gzip);
  expect(process.memoryUsage.rss() - before).toBeLessThan(48 << 20);
  expect(outcome.status).not.toBe("0");
  const noGzip = await send(session, frame(Buffer.from("no gzip"), { flags: 1 }), PATH, gzip);
  expect(noGzip.status).not.toBe("0");
  const unknown = await send(session, ok, PATH, { "grpc-encoding": "zstd" });
  expect(Code[Number(unknown.status)]).toBe("Unimplemented");
  expect((await send(session, ok)).status).toBe("0");
});

it("By HTTP/2, an unknown method or service is unimplemented", async () => {
  const { plugin, server } = await serve();
  const session = open(server);
  for (const path of ["/test.v1.Greeter/SayBye", "/test.v1.Nobody/SayHello", "/"]) {
    // Without a status of gRPC, which clients make of the one of HTTP.
    expect(await send(session, ok, path)).toMatchObject({ http: 404 });
  }
  const wrongType = await send(session, ok, PATH, { "content-type": "text/xml" });
  expect(wrongType.http).toBe(415);
  expect((await send(session, ok)).status).toBe("0");
  expect(plugin.stats().calls).toBe(1);
});

describe("By HTTP/2, a caller who vanishes", () => {
  it("in the middle of a request leaves nothing behind", async () => {
    const { plugin, server } = await serve();
    for (const part of [0, 3, 7]) {
      const session = open(server);
      const stream = session.request({
        ":method": "POST",
        ":path": PATH,
        "content-type": "application/grpc+proto",
      });
      stream.on("error", () => {});
      stream.write(ok.subarray(0, part));
      await delay(50);
      if (part === 7) stream.close(constants.NGHTTP2_CANCEL);
      else session.destroy();
    }
    expect((await send(open(server), ok)).status).toBe("0");
    expect(plugin.stats().calls).toBe(1);
  });

  it("in the middle of a call ends the call", async () => {
    const { plugin, server } = await serve();
    const session = open(server);
    const call = send(session, frame(new Inner({ name: "loop" }).encode()));
    call.catch(() => {});
    while (plugin.stats().calls === 0) await delay(5);
    session.destroy();
    // There is one instance, which would be busy for ever.
    expect((await send(open(server), ok)).status).toBe("0");
    expect(plugin.stats()).toMatchObject({ calls: 2, errors: 1 });
  });
});

it("A plugin that is given up is unavailable, and not ready", async () => {
  const { plugin, server, health } = await serve({ isolation: "worker", restart: { times: 0 } });
  const session = open(server);
  const status = async (): Promise<number | undefined> =>
    (await send(session, frame(new Uint8Array()), HEALTH)).body[6];
  expect([health.ready, await status()]).toEqual([true, 1]);
  const crash = await send(session, frame(new Inner({ name: "trap" }).encode()));
  expect([Code[Number(crash.status)], crash.message]).toEqual([
    "Internal",
    "the plugin crashed during sayHello",
  ]);
  const refused = await send(session, ok);
  expect([Code[Number(refused.status)], refused.message]).toEqual([
    "Unavailable",
    "the plugin is not available for sayHello",
  ]);
  expect([health.ready, await status()]).toEqual([false, 2]);
  expect(plugin.stats()).toMatchObject({ instances: 0, waiting: 0 });
  const transport = createGrpcTransport({ baseUrl: server.url }) as ConnectTransport;
  const remote = await GreeterPlugin.connect(transport);
  const error = await remote.sayHello({}).catch((it: unknown) => it as PluginRetiredError);
  expect(error).toBeInstanceOf(PluginRetiredError);
  expect((error as Error).cause).toBeInstanceOf(ConnectError);
});
