/** A server of `node:http`, `node:https` or `node:http2`, as far as it is used. */
export interface DrainableServer {
  on(event: "session", listener: (session: DrainableSession) => void): unknown;
  on(event: "request", listener: (request: object, response: DrainableResponse) => void): unknown;
  close(callback?: (error?: Error) => void): unknown;
  /** Of HTTP/1. */
  closeIdleConnections?(): void;
  closeAllConnections?(): void;
}

/** An answer by HTTP/1. */
export interface DrainableResponse {
  setHeader(name: string, value: string): unknown;
}

/** A connection of HTTP/2. */
export interface DrainableSession {
  on(event: "close", listener: () => void): unknown;
  /** Takes no more calls, and ends with those that it has: GOAWAY. */
  close(): void;
  destroy(): void;
}

/** How a server ends. */
export interface DrainOptions {
  /**
   * Milliseconds for which it goes on taking calls, so that whoever sends them learns that it is not ready any more; none unless given.
   * In Kubernetes some seconds, as a pod is told to end before the others know.
   */
  readonly delay?: number | undefined;
  /** Milliseconds after which calls that run are given up; 30,000 unless given. */
  readonly grace?: number | undefined;
}

/** How often it is looked for connections of HTTP/1 that nobody uses any more, in milliseconds. */
const LOOK = 50;

/**
 * Makes a server end without losing a call. To be called before the server listens.
 *
 * @returns what ends it, and resolves when the last call has been answered, or given up
 */
export function drainable(server: DrainableServer): (options?: DrainOptions) => Promise<void> {
  const sessions = new Set<DrainableSession>();
  let drained: Promise<void> | undefined;
  let draining = false;
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    if (draining) session.close();
  });
  let ending = false;
  server.on("request", (_request, response) => {
    // Of HTTP/1, which has no other way to tell a client that it has to go elsewhere.
    if (ending && sessions.size === 0) response.setHeader("Connection", "close");
  });
  const drain = async ({ delay = 0, grace = 30_000 }: DrainOptions): Promise<void> => {
    ending = true;
    await new Promise((resolve) => setTimeout(resolve, delay));
    draining = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of sessions) session.close();
    const looking = setInterval(() => server.closeIdleConnections?.(), LOOK);
    const givingUp = setTimeout(() => {
      for (const session of sessions) session.destroy();
      server.closeAllConnections?.();
    }, grace);
    await closed;
    clearInterval(looking);
    clearTimeout(givingUp);
  };
  return (options = {}) => (drained ??= drain(options));
}
