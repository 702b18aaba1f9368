import { reasonOf } from "../errors/reason-of.js";
import { concat } from "../messages/wire/concat.js";
import { ProxyError } from "./proxy.js";
import { isLoopback } from "./reference.js";
import { RegistryError } from "./registry-error.js";

export interface TransportOptions {
  readonly fetch: typeof fetch;
  /** How often a request is made again. */
  readonly retries: number;
  /** Milliseconds in which nothing comes. */
  readonly timeout: number;
}

/** A request whose body can be sent again. */
export interface PlainRequest {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | URLSearchParams | undefined;
  /** Is told how many bytes of the body are on their way. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** How often it is made again; as often as the options say unless given. */
  readonly retries?: number | undefined;
  /** What the registry is told of who asks; never sent to another origin. */
  readonly authorization?: string | undefined;
  /** Whether redirects are followed, where they can be; they are unless given. */
  readonly follow?: boolean;
}

/**
 * Bytes of a body that are sent at a time: the registry works on them while others are on their way, and a slow line is not taken for
 * a dead one.
 */
const CHUNK = 64 << 10;
/** Most redirects that are followed. */
const HOPS = 5;
/** Longest time in milliseconds that a registry is left alone when it asks for it. */
const PATIENCE = 30_000;

/** What has come of a body: all of it, or what had when the connection ended. */
export class Received {
  private chunks: Uint8Array[] = [];
  /** Bytes. */
  size = 0;

  constructor(private readonly onProgress?: (bytes: number) => void) {}

  add(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    this.onProgress?.(this.size);
  }

  clear(): void {
    this.chunks = [];
    this.size = 0;
  }

  get bytes(): Uint8Array {
    return concat(this.chunks);
  }
}

/** An answer whose body has not been read: it has to be, or discarded. */
export class Answer {
  constructor(
    private readonly response: Response,
    private readonly watch: IdleWatch,
    private readonly host: string,
  ) {}

  get status(): number {
    return this.response.status;
  }

  header(name: string): string | undefined {
    return this.response.headers.get(name) ?? undefined;
  }

  /**
   * @param limit most bytes, counted as they are after decompression
   * @param what errors call it
   * @param received where they are added
   * @throws RegistryError if there are more, or nothing comes
   */
  async read(limit: number, what: string, received = new Received()): Promise<Uint8Array> {
    try {
      const reader = this.response.body?.getReader();
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done || value === undefined) return received.bytes;
        this.watch.alive();
        if (received.size + value.length > limit) {
          throw new RegistryError(`${what} has more than ${limit} bytes`);
        }
        received.add(value);
      }
    } catch (error) {
      this.watch.abort();
      if (error instanceof RegistryError) throw error;
      throw cutOff(this.host, error, this.watch, received.size);
    } finally {
      this.watch.end();
    }
  }

  /** Lets go of the connection. */
  async discard(): Promise<void> {
    this.watch.end();
    await this.response.body?.cancel().catch(() => {});
  }
}

/** Ends a request when nothing comes for some time. */
class IdleWatch {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  isLate = false;

  constructor(readonly timeout: number) {
    this.alive();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  alive(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isLate = true;
      this.abort();
    }, this.timeout);
  }

  abort(): void {
    this.controller.abort();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

/** Makes requests of one registry: again if that may help, and never where a redirect must not lead. */
export class Transport {
  constructor(
    /** What errors call the registry. */
    private readonly host: string,
    private readonly options: TransportOptions,
  ) {}

  /** @throws RegistryError if there is no answer */
  async request(url: URL, request: PlainRequest): Promise<Answer> {
    const { retries = this.options.retries } = request;
    for (let attempt = 1; ; attempt++) {
      let answer: Answer;
      try {
        answer = await this.follow(url, request);
      } catch (error) {
        if (!(error instanceof Unreachable) || attempt > retries) throw error;
        await pause(attempt);
        continue;
      }
      const isBusy = answer.status === 429 || (answer.status >= 500 && answer.status !== 501);
      const asked = secondsOf(answer.header("retry-after"));
      // Docker Hub asks for hours, which is for a person to decide.
      if (!isBusy || attempt > retries || asked * 1000 > PATIENCE) return answer;
      await answer.discard();
      await pause(attempt, asked);
    }
  }

  /**
   * Asks for something and reads it: again if the connection ends in the middle.
   *
   * @throws RegistryError
   */
  async whole<T>(read: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof CutOff) || attempt > this.options.retries) throw error;
        await pause(attempt);
      }
    }
  }

  /** Follows redirects itself: https does not become http, and credentials stay with the origin that they are for. */
  private async follow(start: URL, request: PlainRequest): Promise<Answer> {
    const { method = "GET", follow = true } = request;
    let url = start;
    for (let hops = 0; hops <= HOPS; hops++) {
      const isHome = url.origin === start.origin;
      const answer = await this.hop(url, request, isHome ? request.authorization : undefined);
      const isRedirect = [301, 302, 303, 307, 308].includes(answer.status);
      if (!isRedirect || !follow || (method !== "GET" && method !== "HEAD")) return answer;
      await answer.discard();
      url = this.resolve(answer.header("location"), url, "redirects");
    }
    throw new RegistryError(`${this.host} redirects without end`);
  }

  private async hop(
    url: URL,
    { method = "GET", headers, body, onSent }: PlainRequest,
    authorization: string | undefined,
  ): Promise<Answer> {
    const watch = new IdleWatch(this.options.timeout);
    try {
      const response = await this.options.fetch(url, {
        method,
        headers: {
          // What is hashed is what is sent.
          "accept-encoding": "identity",
          // That of a stream is not known otherwise, and registries want to know it.
          ...(body instanceof Uint8Array ? { "content-length": String(body.length) } : {}),
          ...headers,
          ...(authorization === undefined ? {} : { authorization }),
        },
        ...(body === undefined ? {} : bodyOf(body, watch, onSent)),
        redirect: "manual",
        signal: watch.signal,
      });
      watch.alive();
      return new Answer(response, watch, this.host);
    } catch (error) {
      watch.end();
      throw unreachable(this.host, error, watch);
    }
  }

  /**
   * A URL that the registry names.
   *
   * @throws RegistryError if there is none, or one that is not to be used
   */
  resolve(location: string | undefined, base: URL, what: string): URL {
    let url: URL | undefined;
    try {
      url = location === undefined ? undefined : new URL(location, base);
    } catch {
      // Reported like none.
    }
    if (url === undefined) {
      throw new RegistryError(`${this.host} ${what}, but does not say where to`);
    }
    // Behind a server that speaks TLS for them, registries take themselves for http, on any port.
    if (url.protocol === "http:" && base.protocol === "https:" && url.hostname === base.hostname) {
      return new URL(url.pathname + url.search, base);
    }
    if (isSafe(url, this.host)) return url;
    throw new RegistryError(`${this.host} ${what} to ${originOf(url)}, which is not https`);
  }
}

function bodyOf(
  body: Uint8Array | URLSearchParams,
  watch: IdleWatch,
  onSent: PlainRequest["onSent"],
): RequestInit {
  if (body instanceof URLSearchParams) return { body };
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent === body.length) return controller.close();
      const chunk = body.subarray(sent, sent + CHUNK);
      controller.enqueue(chunk);
      sent += chunk.length;
      watch.alive();
      onSent?.(sent);
    },
  });
  return { body: stream, duplex: "half" };
}

/** Whether something may be fetched from there: by https, and by http within this machine. */
export function isSafe(url: URL, host: string): boolean {
  return (
    url.protocol === "https:" ||
    (url.protocol === "http:" && isLoopback(url.host) && isLoopback(host))
  );
}

/** A URL for a message: without users, passwords, paths and queries. */
export function originOf({ protocol, host }: URL): string {
  return host === "" ? `a URL with ${protocol}` : `${protocol}//${host}`;
}

/** There was no answer. */
class Unreachable extends RegistryError {}

/** There was only a part of an answer. */
class CutOff extends RegistryError {}

function unreachable(host: string, error: unknown, { isLate, timeout }: IdleWatch): RegistryError {
  if (isLate) return new Unreachable(`${host}: nothing came for ${timeout} ms`, { cause: error });
  // What is wrong with the settings of a proxy.
  if (error instanceof RegistryError) return error;
  if (error instanceof ProxyError) {
    const { message, isRefusal } = error;
    const Kind = isRefusal ? RegistryError : Unreachable;
    return new Kind(`can't reach ${host}: ${message}`, { cause: error });
  }
  const text = `can't reach ${host}: ${codeOf(error)}`;
  return new Unreachable(text + remedyFor(codeOf(error)), { cause: error });
}

function cutOff(
  host: string,
  error: unknown,
  { isLate, timeout }: IdleWatch,
  size: number,
): RegistryError {
  const reason = isLate
    ? `nothing more came for ${timeout} ms`
    : `the connection ended: ${codeOf(error)}`;
  return new CutOff(`${host}: after ${size} bytes, ${reason}`, { cause: error });
}

function codeOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code } = cause as { code?: unknown };
  return typeof code === "string" ? code : reasonOf(cause);
}

function remedyFor(code: string): string {
  if (/CERT|SIGNATURE|SELF_SIGNED/.test(code)) {
    return " (its certificate is not one that Node trusts: name the file with its CA in NODE_EXTRA_CA_CERTS)";
  }
  if (/ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT/.test(code)) {
    return " (is there a network? Behind a proxy, set HTTPS_PROXY and install the package undici; or set NODE_USE_ENV_PROXY=1, from Node 22.21 on; or give the option oci.fetch)";
  }
  if (code === "ECONNREFUSED") return " (is the registry running?)";
  return "";
}

/**
 * How long a server asks to be left alone, by a number of seconds or a date; 0 if it does not.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function secondsOf(retryAfter = "", now = Date.now()): number {
  const seconds = /^\d+(\.\d+)?$/.test(retryAfter)
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - now) / 1000;
  return seconds > 0 ? seconds : 0;
}

/** Waits for that many seconds, or longer each time. */
async function pause(attempt: number, seconds = 0): Promise<void> {
  const wanted = seconds > 0 ? seconds * 1000 : 100 * 4 ** (attempt - 1) * (0.5 + Math.random());
  await new Promise((resolve) => setTimeout(resolve, wanted));
}
