/** A call of the plugin, or of a host function by the plugin. */
export interface CallSpan {
  /** As OpenTelemetry names spans of rpcs: `greeter.v1.Greeter/SayHello`. */
  readonly name: string;
  /** In the words of OpenTelemetry's semantic conventions, beside some of `wplug.*`. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Called when the call has ended; with the error if it failed. */
export type EndCall = (error?: unknown) => void;

/** Follows one call from its begin to its end. */
export interface CallObserver {
  /**
   * Runs a part of the call with what is to be active in it: `run: (part) => context.with(traced, part)`. It is run once for the
   * call, and once more for each host function that the plugin calls meanwhile. `part` is to be called at once, and throws nothing.
   */
  run?(part: () => void): void;
  /** The call has ended; with the error if it failed. */
  end?(error?: unknown): void;
}

/** What happens to the instances of a plugin that is replaced when it fails: with `pool` or isolation "worker". */
export type InstanceEvent =
  | { readonly kind: "started" }
  /** It failed, with this error; or it was let go of: after `maxCalls`, `maxMemory`, or at the end. */
  | { readonly kind: "retired"; readonly error?: unknown }
  /** After a failure: the next one is started when a call needs it, but not before so many milliseconds. */
  | { readonly kind: "restarting"; readonly milliseconds: number }
  /** Too many failures in a row, of which this is the last. */
  | { readonly kind: "gaveUp"; readonly error: unknown };

/**
 * Told about calls, for tracing: `call: ({ name }) => { const span = tracer.startSpan(name); return () => span.end(); }`. Nothing
 * that a hook throws changes what a call answers.
 */
export interface PluginHooks {
  /** A method of the client is called. */
  call?(span: CallSpan): CallObserver | EndCall | undefined;
  /** The plugin calls a host function. It is told with that active which `run` of the plugin's own call makes so. */
  hostCall?(span: CallSpan): CallObserver | EndCall | undefined;
  /** Told about the instances of a plugin. */
  instance?(event: InstanceEvent): void;
  /** Told what another hook threw. Unless given, the first error of these hooks is a warning of the process. */
  failed?(error: unknown): void;
}
