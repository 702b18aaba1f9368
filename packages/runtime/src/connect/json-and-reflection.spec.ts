import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";

import { WplugError, type Message } from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { serveRoutes, type TestServer } from "../testing/connect-server.js";
import { interop } from "../testing/docker-registry.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { descriptors, descriptorsOf } from "../testing/greeter-descriptors.js";
import { greeter, wat } from "../testing/wat.js";
import { connectRoutes } from "./connect-routes.js";
import { mergeDescriptors, readDescriptors } from "./contract-descriptors.js";
import { pluginHealth } from "./health.js";
import { serverReflection } from "./reflection.js";

jest.setTimeout(60_000);

const PATH = "/test.v1.Greeter/SayHello";
const run = promisify(execFile);

let plugin: GreeterPlugin;
const servers: TestServer[] = [];

beforeAll(async () => {
  const source = await wat(greeter(BEHAVIOURS));
  const host = askLibrary((it) => it, false);
  plugin = await GreeterPlugin.load(source, { stderr: null, isolation: "worker", ...host });
});

afterAll(() => plugin.dispose());

afterEach(async () => {
  Reflect.deleteProperty(Error, Symbol.hasInstance);
  for (const server of servers.splice(0)) await server.close();
});

async function serve(
  http: 1 | 2,
  options: Parameters<typeof connectRoutes>[2] = { descriptors },
): Promise<TestServer> {
  const health = pluginHealth([[GreeterPlugin, plugin]]);
  const server = await serveRoutes(http, (router) => {
    connectRoutes(GreeterPlugin, plugin, options)(router);
    health.routes(router);
    serverReflection(descriptors)(router);
  });
  servers.push(server);
  return server;
}

function post(
  { url }: TestServer,
  body: string | Uint8Array,
  headers: Record<string, string> = { "Content-Type": "application/json" },
): Promise<Response> {
  return fetch(url + PATH, { method: "POST", headers, body: body as never });
}

describe("requests in JSON", () => {
  it("are answered in JSON, beside those in the binary format", async () => {
    const server = await serve(1);
    const request = { name: "ada", inner: { name: "é" } };
    const response = await post(server, JSON.stringify(request));
    expect(response.headers.get("Content-Type")).toBe("application/json");
    expect(await response.json()).toEqual(request);
    const binary = await post(server, new Inner(request).encode(), {
      "Content-Type": "application/proto",
    });
    expect(Inner.decode(new Uint8Array(await binary.arrayBuffer()))).toEqual(new Inner(request));
    // The names of the proto file count too, and what is unknown doesn't.
    expect(await (await post(server, '{"name": "a", "other": 1}')).json()).toEqual({ name: "a" });
  });

  it("get the codes and texts that others get", async () => {
    const server = await serve(1);
    const error = async (body: string) => {
      const response = await post(server, body);
      return [response.status, await response.json()];
    };
    expect(await error('{"name": 1}')).toEqual([
      400,
      { code: "invalid_argument", message: expect.stringContaining("name") },
    ]);
    expect(await error("{")).toMatchObject([400, { code: "invalid_argument" }]);
    expect(await error('{"name": "trap"}')).toEqual([
      500,
      { code: "internal", message: "the plugin crashed during sayHello" },
    ]);
  });

  it("over the limit are refused", async () => {
    const server = await serve(1, { descriptors, readMaxBytes: 100 });
    const response = await post(server, JSON.stringify({ name: "a".repeat(200) }));
    expect(await response.json()).toMatchObject({ code: "resource_exhausted" });
  });

  it("are refused with 415 where there are no descriptors", async () => {
    expect((await post(await serve(1, {}), "{}")).status).toBe(415);
  });

  it("are answered by gRPC and gRPC-Web, too", async () => {
    const { url: baseUrl } = await serve(2);
    const service = mergeDescriptors([readDescriptors(descriptors)]).getService("test.v1.Greeter");
    const options = { baseUrl, useBinaryFormat: false } as const;
    for (const transport of [
      createGrpcTransport(options),
      createGrpcWebTransport({ ...options, httpVersion: "2" }),
    ]) {
      const client = createClient(service!, transport) as unknown as Pick<
        GreeterPlugin,
        "sayHello"
      >;
      expect(await client.sayHello({ name: "ada" })).toMatchObject({ name: "ada" });
    }
  });
});

describe("descriptors of something else", () => {
  it("are refused where routes are made", () => {
    expect(() => connectRoutes(GreeterPlugin, plugin, { descriptors: "no" })).toThrow(
      "descriptors: this is not what the SDK of a contract exports as descriptors",
    );
    const others = descriptorsOf("shop.proto", "Shop");
    expect(() => connectRoutes(GreeterPlugin, plugin, { descriptors: others })).toThrow(
      "descriptors: they have no service test.v1.Greeter: hand in those of the contract that the loader is of",
    );
    expect(() => serverReflection("AAAA")).toThrow(WplugError);
  });

  it("may come twice, but no two different files of one name", () => {
    expect(() => serverReflection(descriptors, descriptors)).not.toThrow();
    expect(() => serverReflection(descriptors, descriptorsOf("greeter.proto", "Shop"))).toThrow(
      "descriptors: two contracts have a file greeter.proto each",
    );
  });
});

interop("grpcurl", ["--version"], () => {
  const grpcurl = async (...args: string[]) =>
    (await run("grpcurl", ["-plaintext", ...args])).stdout.trim();

  it("lists services, describes them and calls one, knowing nothing but the address", async () => {
    const { port } = await serve(2);
    const host = `127.0.0.1:${port}`;
    expect((await grpcurl(host, "list")).split("\n")).toEqual([
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
      "test.v1.Greeter",
    ]);
    expect(await grpcurl(host, "list", "test.v1.Greeter")).toBe("test.v1.Greeter.SayHello");
    expect(await grpcurl(host, "describe", "test.v1.Greeter.SayHello")).toContain(
      "rpc SayHello ( .test.v1.Inner ) returns ( .test.v1.Inner );",
    );
    expect(await grpcurl(host, "describe", "test.v1.Inner.inner")).toContain("inner = 2");
    expect(await grpcurl(host, "describe", "grpc.health.v1.HealthCheckResponse.SERVING")).toContain(
      "SERVING = 1;",
    );
    const request = '{"name":"ada","inner":{"name":"b"}}';
    expect(JSON.parse(await grpcurl("-d", request, host, "test.v1.Greeter/SayHello"))).toEqual(
      JSON.parse(request),
    );
    expect(JSON.parse(await grpcurl(host, "grpc.health.v1.Health/Check"))).toEqual({
      status: "SERVING",
    });
    const unknown = grpcurl(host, "describe", "test.v1.Nobody");
    await expect(unknown).rejects.toThrow("Symbol not found: test.v1.Nobody");
  });
});

describe("with buf curl", () => {
  const buf = join(createRequire(__filename).resolve("@bufbuild/buf/package.json"), "../bin/buf");
  const curl = async (...args: string[]): Promise<unknown> =>
    JSON.parse((await run(process.execPath, [buf, "curl", ...args])).stdout);

  it.each(["connect", "grpc", "grpcweb"])("is called by %s", async (protocol) => {
    const { url } = await serve(2);
    const args = ["--protocol", protocol, "--http2-prior-knowledge", "-d", '{"name": "ada"}'];
    expect(await curl(...args, url + PATH)).toEqual({ name: "ada" });
  });

  it("is asked by the old reflection as well", async () => {
    const { url } = await serve(2);
    const args = ["--reflect-protocol", "grpc-v1alpha", "--http2-prior-knowledge", "-d", "{}"];
    expect(await curl(...args, url + PATH)).toEqual({});
  });
});

interop("curl", ["--version"], () => {
  it("is called by curl as the documentation says", async () => {
    const { url } = await serve(1);
    const args = ["-s", "-H", "Content-Type: application/json", "-d", '{"name": "ada"}'];
    const { stdout } = await run("curl", [...args, url + PATH]);
    expect(JSON.parse(stdout)).toEqual({ name: "ada" });
  });
});

describe("compression", () => {
  const GZIP = { "Content-Type": "application/proto", "Content-Encoding": "gzip" };
  const name = "a".repeat(100_000);

  it("goes both ways by Connect", async () => {
    const server = await serve(1);
    const request = gzipSync(new Inner({ name }).encode());
    const response = await post(server, request, { ...GZIP, "Accept-Encoding": "gzip" });
    // fetch has decompressed it.
    expect(response.headers.get("Content-Encoding")).toBe("gzip");
    expect(Inner.decode(new Uint8Array(await response.arrayBuffer())).name).toBe(name);
    expect(gunzipSync(request).length).toBeGreaterThan(100_000);
  });

  it("goes both ways by gRPC", async () => {
    const { port } = await serve(2);
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
    });
    expect((await unary(client, new Inner({ name }))).name).toBe(name);
    client.close();
  });

  it("does not get a bomb past the limit, and the server goes on", async () => {
    knowErrorsOfNode();
    const bomb = gzipSync(Buffer.alloc(64 << 20));
    expect(bomb.length).toBeLessThan(100_000);
    const server = await serve(1);
    const before = process.memoryUsage.rss();
    const response = await post(server, bomb, GZIP);
    expect(await response.json()).toMatchObject({ code: "resource_exhausted" });
    expect(process.memoryUsage.rss() - before).toBeLessThan(48 << 20);
    expect((await post(server, "{}")).status).toBe(200);

    const { port } = await serve(2);
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.default_compression_algorithm": compressionAlgorithms.gzip,
    });
    const error = await unary(client, new Inner({ name: "a".repeat(8 << 20) })).catch(
      (it: unknown) => it as ServiceError,
    );
    expect(error).toMatchObject({ code: 8 });
    expect((await unary(client, new Inner({ name: "ada" }))).name).toBe("ada");
    client.close();
  });

  it("that is no gzip is refused", async () => {
    const response = await post(await serve(1), Buffer.from("no gzip"), GZIP);
    expect(response.status).toBeGreaterThanOrEqual(400);
    const unknown = { ...GZIP, "Content-Encoding": "zstd" };
    const other = await post(await serve(1), new Uint8Array(), unknown);
    expect(await other.json()).toMatchObject({ code: "unimplemented" });
  });
});

/** Within jest, `Error` is another one than that of zlib, for whose errors Connect looks by their class. */
function knowErrorsOfNode(): void {
  const { [Symbol.hasInstance]: isInstance } = Function.prototype;
  const { constructor: errorOfNode } = Object.getPrototypeOf(rangeErrorOfNode()) as object;
  Object.defineProperty(Error, Symbol.hasInstance, {
    configurable: true,
    value(this: unknown, it: unknown): boolean {
      return isInstance.call(this, it) || (this === Error && isInstance.call(errorOfNode, it));
    },
  });
}

/** Thrown for a limit of zlib, as for a bomb. */
function rangeErrorOfNode(): unknown {
  try {
    return gunzipSync(gzipSync(Buffer.alloc(10)), { maxOutputLength: 1 });
  } catch (error) {
    return error;
  }
}

function unary(client: Client, request: Inner): Promise<Inner> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      PATH,
      (it: Message) => Buffer.from(it.encode()),
      (bytes) => Inner.decode(bytes),
      request,
      new Metadata(),
      (error, answer) => (error === null ? resolve(answer!) : reject(error)),
    ),
  );
}
