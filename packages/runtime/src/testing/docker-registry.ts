import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createSign, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { join } from "node:path";

/** Whether there is Debian's docker-registry: tests with a real registry run only where there is. */
export const hasDockerRegistry = canRun("docker-registry", "--version");

export function canRun(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}

/** Tests with a tool of others, where there is one. */
export function interop(tool: string, args: readonly string[], tests: () => void): void {
  if (canRun(tool, ...args)) describe(`with ${tool}`, tests);
  else it(`${tool}: not run, it is not installed`, () => expect(canRun(tool)).toBe(false));
}

export const USER = { username: "alice", password: "s3cret" };
export const IDENTITY_TOKEN = "identity-of-alice";

export interface DockerRegistry extends AsyncDisposable {
  readonly host: string;
}

export interface DockerRegistryOptions {
  /** Lines of its configuration: https://distribution.github.io/distribution/about/configuration/ */
  readonly auth?: readonly string[];
  /** Files of a certificate and its key; it speaks http unless given. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** Starts a registry with nothing in it. */
export async function startDockerRegistry(
  folder: string,
  { auth = [], tls }: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const port = await freePort();
  const home = join(folder, `registry-${port}`);
  mkdirSync(home);
  const config = join(home, "config.yml");
  writeFileSync(
    config,
    [
      "version: 0.1",
      "log: { level: error }",
      `storage: { filesystem: { rootdirectory: ${home} } }`,
      "http:",
      `  addr: 127.0.0.1:${port}`,
      ...(tls === undefined ? [] : [`  tls: { certificate: ${tls.certificate}, key: ${tls.key} }`]),
      ...auth,
      "",
    ].join("\n"),
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  await answers(child, `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`);
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const end = once(child, "exit");
      child.kill();
      await end;
    },
  };
}

/** Lets the user in by name and password. */
export function htpasswdAuth(folder: string): readonly string[] {
  const file = join(folder, "htpasswd");
  const { username, password } = USER;
  writeFileSync(file, execFileSync("htpasswd", ["-Bbn", username, password]));
  return [`auth: { htpasswd: { realm: test, path: ${file} } }`];
}

/** A certificate that it signs itself, or that a CA signs. */
export function makeCertificate(
  folder: string,
  name: string,
  ca?: { readonly certificate: string; readonly key: string },
): { readonly certificate: string; readonly key: string } {
  const certificate = join(folder, `${name}.crt`);
  const key = join(folder, `${name}.key`);
  const signer = ca === undefined ? [] : ["-CA", ca.certificate, "-CAkey", ca.key];
  const names = ca === undefined ? [] : ["-addext", `subjectAltName=DNS:${name}`];
  execFileSync(
    "openssl",
    // prettier-ignore
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`,
      "-keyout", key, "-out", certificate, ...signer, ...names],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  return { certificate, key };
}

export interface TokenServer extends AsyncDisposable {
  /** Lines of a registry's configuration that send its users here. */
  readonly auth: readonly string[];
  /** `GET alice repository:a/b:pull`, in their order. */
  readonly requests: string[];
}

/**
 * A server of tokens, as registries of clouds have one. Repositories in `public/` are for all to read, the others for the user.
 *
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export async function startTokenServer(folder: string): Promise<TokenServer> {
  const { certificate, key } = makeCertificate(folder, "tokens");
  const chain = readFileSync(certificate, "utf8").replace(/-----[^-]+-----|\s/g, "");
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const isPost = request.method === "POST";
      const query = new URL(request.url ?? "", "http://tokens").searchParams;
      const asked = isPost ? new URLSearchParams(Buffer.concat(chunks).toString()) : query;
      const { authorization } = request.headers;
      const pair = Buffer.from(`${USER.username}:${USER.password}`).toString("base64");
      const isUser =
        authorization === `Basic ${pair}` || asked.get("refresh_token") === IDENTITY_TOKEN;
      const scopes = asked.getAll("scope").flatMap((scope) => scope.split(" "));
      requests.push([request.method, isUser ? USER.username : "-", ...scopes].join(" "));
      if (!isUser && (authorization !== undefined || isPost)) {
        response.writeHead(401).end();
        return;
      }
      const token = signToken(
        readFileSync(key, "utf8"),
        chain,
        asked.get("service"),
        scopes,
        isUser,
      );
      response.end(JSON.stringify(isPost ? { access_token: token } : { token, expires_in: 300 }));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    auth: [
      "auth:",
      "  token:",
      `    realm: http://127.0.0.1:${port}/token`,
      "    service: test",
      "    issuer: wplug",
      `    rootcertbundle: ${certificate}`,
    ],
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function signToken(
  key: string,
  chain: string,
  service: string | null,
  scopes: readonly string[],
  isUser: boolean,
): string {
  const access = scopes.flatMap((scope) => {
    const [, name = "", wanted = ""] = /^repository:(.+):([^:]+)$/.exec(scope) ?? [];
    const mayPull = isUser || name.startsWith("public/");
    const actions = wanted.split(",").filter((it) => (it === "pull" ? mayPull : isUser));
    return actions.length === 0 ? [] : [{ type: "repository", name, actions }];
  });
  const now = Math.floor(Date.now() / 1000);
  const encode = (it: object): string => Buffer.from(JSON.stringify(it)).toString("base64url");
  const head = encode({ typ: "JWT", alg: "RS256", x5c: [chain] });
  const body = encode({
    iss: "wplug",
    sub: isUser ? USER.username : "",
    aud: service,
    exp: now + 300,
    nbf: now - 5,
    iat: now,
    jti: randomUUID(),
    access,
  });
  const signature = createSign("RSA-SHA256").update(`${head}.${body}`).sign(key, "base64url");
  return `${head}.${body}.${signature}`;
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until a server takes connections. */
async function answers(child: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) break;
    const isThere = await fetch(url).then(
      () => true,
      // Of a certificate that Node does not trust: somebody is there, too.
      (error: { cause?: { code?: string } }) => /CERT|SIGN/.test(error.cause?.code ?? ""),
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("docker-registry does not start");
}
