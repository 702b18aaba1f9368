import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { canRun, makeCertificate } from "../testing/docker-registry.js";
import { proxyFor } from "./proxy.js";

const proxy = "http://proxy.test:3128";

describe("proxyFor", () => {
  it.each<[string, string, boolean]>([
    ["ghcr.io", "", true],
    ["ghcr.io", "quay.io,example.com", true],
    ["ghcr.io", "quay.io, ghcr.io", false],
    ["ghcr.io", "GHCR.IO", false],
    ["a.example.com", "example.com", false],
    ["a.example.com", ".example.com", false],
    ["a.example.com", "*.example.com", false],
    ["notexample.com", "example.com", true],
    ["registry:5000", "registry:5000", false],
    ["registry:5001", "registry:5000", true],
    ["ghcr.io", "ghcr.io:443", false],
    ["ghcr.io", "*", false],
    ["ghcr.io", ", ,", true],
  ])("of %s, where NO_PROXY is %j, is the proxy: %s", (host, NO_PROXY, isProxied) => {
    const found = proxyFor(new URL(`https://${host}/v2/`), { HTTPS_PROXY: proxy, NO_PROXY });
    expect(found?.origin).toBe(isProxied ? proxy : undefined);
  });

  it("takes the lower-case names first, and a name and a port as http", () => {
    const url = new URL("https://ghcr.io");
    expect(proxyFor(url, { https_proxy: proxy, HTTPS_PROXY: "http://b" })?.origin).toBe(proxy);
    expect(proxyFor(url, { HTTPS_PROXY: proxy, no_proxy: "ghcr.io" })).toBeUndefined();
    expect(proxyFor(url, { HTTPS_PROXY: "proxy.test:3128" })?.origin).toBe(proxy);
    expect(proxyFor(url, { HTTPS_PROXY: "" })).toBeUndefined();
    expect(proxyFor(url, { HTTP_PROXY: proxy })).toBeUndefined();
  });

  it("is none on this machine", () => {
    for (const url of ["https://localhost:5000", "https://127.0.0.1", "http://[::1]:5000"]) {
      expect(proxyFor(new URL(url), { HTTPS_PROXY: proxy })).toBeUndefined();
    }
  });

  it.each(["socks5://alice:s3cret@proxy", "http://", "http://alice:s3cret@a b"])(
    "says that %s can't be used, without what is in it",
    (HTTPS_PROXY) => {
      expect(() => proxyFor(new URL("https://ghcr.io"), { HTTPS_PROXY })).toThrow(
        /^HTTPS_PROXY is not the URL of a proxy that can be used: http:\/\/HOST:PORT or https:\/\/HOST:PORT is expected$/,
      );
    },
  );
});

const hasOpenssl = canRun("openssl", "version");

if (!hasOpenssl) {
  it("a proxy: not run, no openssl", () => expect(hasOpenssl).toBe(false));
} else {
  describe("a registry behind a proxy", behindProxy);
}

function behindProxy(): void {
  let folder: string;
  let ca: string;
  let registry: Server;
  let tunnel: Server;
  let tunnelPort: number;
  let asked: string[];
  /** What clients of the proxy have to send; undefined for nothing. */
  let authorization: string | undefined;
  let program: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "wplug-proxy-"));
    const authority = makeCertificate(folder, "ca");
    ca = authority.certificate;
    const { certificate, key } = makeCertificate(folder, "registry.test", authority);
    registry = createTlsServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      (_, response) => response.end('{"tags":["1.0"]}'),
    );
    const registryPort = await portOf(registry);
    tunnel = createHttpServer().on("connect", (request, socket: Socket) => {
      socket.on("error", () => {});
      asked.push(request.url ?? "");
      if (authorization !== request.headers["proxy-authorization"]) {
        return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
      }
      const upstream = connect(registryPort, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      }).on("error", () => socket.destroy());
    });
    tunnelPort = await portOf(tunnel);
    program = join(folder, "tags.cjs");
    // The name is one that only the proxy can look up.
    writeFileSync(
      program,
      `const oci = require(${JSON.stringify(join(__dirname, "../../dist/cjs/oci.js"))});
      const options = { credentials: () => undefined, retries: 0 };
      new oci.RegistryRepository({ host: "registry.test", name: "a/b" }, options)
        .tags()
        .then((tags) => console.log(tags.join()), (error) => console.log(error.message));`,
    );
  }, 60_000);

  beforeEach(() => {
    asked = [];
    authorization = undefined;
  });

  afterAll(() => {
    for (const server of [registry, tunnel]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  async function tags(env: Record<string, string>): Promise<string> {
    const { PATH } = process.env;
    const run = promisify(execFile)(process.execPath, [program], {
      env: { PATH, NODE_EXTRA_CA_CERTS: ca, ...env },
    });
    return (await run).stdout.trim();
  }

  it("is asked through it, and checked as without", async () => {
    expect(await tags({ HTTPS_PROXY: `http://127.0.0.1:${tunnelPort}` })).toBe("1.0");
    expect(asked).toEqual(["registry.test:443"]);
    const untrusted = { HTTPS_PROXY: `http://127.0.0.1:${tunnelPort}`, NODE_EXTRA_CA_CERTS: "" };
    expect(await tags(untrusted)).toMatch(
      /^can't reach registry\.test: .*in NODE_EXTRA_CA_CERTS\)$/,
    );
  });

  it("is asked with the user and the password of the proxy's URL, which no message has", async () => {
    authorization = `Basic ${Buffer.from("alice:s3cret").toString("base64")}`;
    const url = (password: string) => `http://alice:${password}@127.0.0.1:${tunnelPort}`;
    expect(await tags({ https_proxy: url("s3cret") })).toBe("1.0");
    expect(await tags({ https_proxy: url("hunter2") })).toBe(
      `can't reach registry.test: the proxy http://127.0.0.1:${tunnelPort}, which HTTPS_PROXY names, does not let it through: HTTP status 407; it wants a user and a password: http://USER:PASSWORD@HOST:PORT`,
    );
  });

  it("is not asked through it if NO_PROXY names it", async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${tunnelPort}`, NO_PROXY: "registry.test" };
    expect(await tags(env)).toMatch(/^can't reach registry\.test: E\w+ \(is there a network\?/);
    expect(asked).toEqual([]);
  });

  it("can't be asked if the proxy is not there, which is said of the proxy", async () => {
    const gone = createHttpServer();
    const port = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await tags({ HTTPS_PROXY: `http://127.0.0.1:${port}` })).toBe(
      `can't reach registry.test: the proxy http://127.0.0.1:${port}, which HTTPS_PROXY names, can't be reached: ECONNREFUSED`,
    );
  });
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
