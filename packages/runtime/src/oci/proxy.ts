import { isObject } from "./artifact.js";
import { isLoopback } from "./reference.js";
import { RegistryError } from "./registry-error.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** What is used of the package undici. */
interface Undici {
  readonly fetch: (url: URL, init?: object) => Promise<Response>;
  readonly ProxyAgent: new (uri: string) => object;
}

/** A proxy can't be reached, or does not let a request through. The message never contains its user and password. */
export class ProxyError extends Error {
  constructor(
    message: string,
    /** Whether it answered, so that asking again does not help. */
    readonly isRefusal: boolean,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * `fetch` through the proxy that HTTPS_PROXY names, unless NO_PROXY names the host, as `docker` and `oras` go. Node's own does so
 * only from 22.21 on, and if NODE_USE_ENV_PROXY is set. So it is that of undici, the package which Node's is made of, if it is
 * installed; else Node's.
 *
 * @throws RegistryError if HTTPS_PROXY is not the URL of a proxy; ProxyError
 */
export async function fetchByEnvironment(
  input: string | URL | Request,
  init?: RequestInit,
  env: Environment = process.env,
): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : input);
  const proxy = proxyFor(url, env);
  if (proxy === undefined || input instanceof Request) return fetch(input, init);
  const undici = await loadUndici();
  try {
    if (undici === undefined) return await fetch(url, init);
    return await undici.fetch(url, { ...init, dispatcher: agentFor(undici, proxy) });
  } catch (error) {
    throw refusal(proxy, error) ?? (undici && unreachable(proxy, error)) ?? error;
  }
}

/**
 * @returns undefined if there is none, or it is not for this URL
 * @throws RegistryError if it can't be used
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const text = env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "";
  // A proxy elsewhere has another localhost.
  if (text === "" || url.protocol !== "https:" || isLoopback(url.host)) return undefined;
  if (isExcluded(url, env["no_proxy"] ?? env["NO_PROXY"] ?? "")) return undefined;
  try {
    // curl and docker take a name and a port as well.
    const proxy = new URL(text.includes("://") ? text : `http://${text}`);
    if (proxy.protocol === "http:" || proxy.protocol === "https:") return proxy;
  } catch {
    // Reported below, without what was given: there may be a password in it.
  }
  throw new RegistryError(
    "HTTPS_PROXY is not the URL of a proxy that can be used: http://HOST:PORT or https://HOST:PORT is expected",
  );
}

/** By names, which stand for those below them too, with or without a port, or `*`: as Node and curl read NO_PROXY. */
function isExcluded({ hostname, port }: URL, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, name = "", ofPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (ofPort !== undefined && ofPort !== (port || "443")) return false;
      return entry === "*" || hostname === name || hostname.endsWith(`.${name}`);
    });
}

/** @returns undefined if it is not installed, or too old */
async function loadUndici(): Promise<Undici | undefined> {
  // By a variable, so that bundlers don't look for it.
  const name = "undici";
  try {
    const undici = (await import(
      /* webpackIgnore: true */ /* @vite-ignore */ name
    )) as Partial<Undici>;
    const { fetch, ProxyAgent } = undici;
    return fetch && ProxyAgent && { fetch, ProxyAgent };
  } catch {
    return undefined;
  }
}

/** Connections through a proxy, by its URL. */
const agents = new Map<string, object>();

function agentFor({ ProxyAgent }: Undici, { href }: URL): object {
  let agent = agents.get(href);
  if (agent === undefined) agents.set(href, (agent = new ProxyAgent(href)));
  return agent;
}

/** @returns undefined if the proxy did not refuse */
function refusal({ origin }: URL, error: unknown): ProxyError | undefined {
  const texts = causesOf(error).map(({ message = "" }) => message);
  const status = /^Proxy response \((\d+)\)/m.exec(texts.join("\n"))?.[1];
  if (status === undefined) return undefined;
  const remedy =
    status === "407" ? "; it wants a user and a password: http://USER:PASSWORD@HOST:PORT" : "";
  const text = `the proxy ${origin}, which HTTPS_PROXY names, does not let it through: HTTP status ${status}${remedy}`;
  return new ProxyError(text, true, { cause: error });
}

/** The registry's name is looked up, and its port asked, by the proxy: what can't be reached from here is the proxy itself. */
function unreachable({ origin }: URL, error: unknown): ProxyError | undefined {
  const codes = causesOf(error).map(({ code }) => code);
  const code = codes.find((it) => it !== undefined && UNREACHABLE.test(it));
  if (code === undefined) return undefined;
  const text = `the proxy ${origin}, which HTTPS_PROXY names, can't be reached: ${code}`;
  return new ProxyError(text, false, { cause: error });
}

const UNREACHABLE =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

/** An error, what caused it, and so on. */
function causesOf(error: unknown): { readonly code?: string; readonly message?: string }[] {
  // Of whatever realm: that of jest is another than Node's.
  return isObject(error) ? [error, ...causesOf(error["cause"])] : [];
}
