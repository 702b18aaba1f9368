import type { PluginHooks } from "../options/hooks.js";

/** A transport of Connect, as far as it is used: of `@connectrpc/connect-node`, `@connectrpc/connect-web`, or any other. */
export interface ConnectTransport {
  unary(
    method: never,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersInit | undefined,
    input: never,
  ): Promise<{ readonly message: object }>;
}

/** What headers are made of. */
export type HeadersInit = ConstructorParameters<typeof Headers>[0];

/** How plugins on another machine are called. */
export interface ConnectOptions {
  /** `time` in milliseconds, which the server is told too, as the deadline of the call. None unless given. */
  readonly limits?: { readonly time?: number | undefined } | undefined;
  /** Headers of each call, made of its `context`: what the server is to know of who calls. None unless given. */
  readonly headers?: ((context: unknown) => HeadersInit) | undefined;
  /** Told about calls, for tracing. */
  readonly hooks?: Pick<PluginHooks, "call"> | undefined;
}
