/**
 * What a host function is told of the call during which the plugin calls it, in its second parameter. An implementation may
 * say what its context is: `httpGet(request, { context, signal }: HostCallOptions<Caller>)`.
 */
export interface HostCallOptions<Context = unknown> {
  /** That of the call: `greeter.sayHello(request, { context })`. `undefined` if it has none, and while a plugin starts. */
  readonly context: Context;
  /**
   * For whatever the host function waits for: `fetch(url, { signal })`. It is aborted when nobody waits for the call any more: with
   * the signal of the caller, and for the same reason; at `limits.time`, with the PluginTimeoutError; or because the plugin is disposed
   * or has failed, with the error that the call has. It is made when it is asked for: take it by its name, as copies (`{ ...options }`)
   * are without it.
   */
  readonly signal: AbortSignal;
}
