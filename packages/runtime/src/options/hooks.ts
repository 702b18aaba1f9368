/** A call of the plugin, or of a host function by the plugin. */
export interface CallSpan {
  /** As OpenTelemetry names spans of rpcs: `greeter.v1.Greeter/SayHello`. */
  readonly name: string;
  /** In the words of OpenTelemetry's semantic conventions, beside some of `wplug.*`. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Called when the call has ended; with the error if it failed. */
export type EndCall = (error?: unknown) => void;

/** Told about calls, for tracing: `call: ({ name }) => { const span = tracer.startSpan(name); return () => span.end(); }`. */
export interface PluginHooks {
  /** A method of the client is called. */
  call?(span: CallSpan): EndCall | undefined;
  /** The plugin calls a host function. */
  hostCall?(span: CallSpan): EndCall | undefined;
}
