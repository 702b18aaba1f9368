/**
 * What a host function is told of the call during which the plugin calls it, in its second parameter. An implementation may
 * say what its context is: `httpGet(request, { context, signal }: HostCallOptions<Caller>)`.
 */
export interface HostCallOptions<Context = unknown> {
  /** That of the call: `greeter.sayHello(request, { context })`. `undefined` if it has none, and while a plugin starts. */
  readonly context: Context;
  /** That of the call, if it has one: for whatever the host function waits for. */
  readonly signal: AbortSignal | undefined;
}

/** Of calls without options. */
const NONE: HostCallOptions = Object.freeze({ context: undefined, signal: undefined });

/** What host functions are told of a call. */
export function hostCallOptions(
  options: { readonly context?: unknown; readonly signal?: AbortSignal | undefined } | undefined,
): HostCallOptions {
  return options === undefined ? NONE : { context: options.context, signal: options.signal };
}
