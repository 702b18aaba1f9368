import { warn } from "#platform";
import { reasonOf } from "../errors/reason-of.js";
import type {
  CallObserver,
  CallSpan,
  EndCall,
  InstanceEvent,
  PluginHooks,
} from "../options/hooks.js";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Hooks of which a warning told already that they fail: they may be told of thousands of calls in a second. */
const warned = new WeakSet<PluginHooks>();

/** A call that hooks follow. Nothing that they do changes how it ends. */
export class ObservedCall {
  private readonly hooks: PluginHooks;
  private readonly observer: CallObserver | EndCall | undefined;

  private constructor(hooks: PluginHooks, observer: CallObserver | EndCall | undefined) {
    this.hooks = hooks;
    this.observer = observer;
  }

  /** Tells a hook that a call begins. */
  static begin(hooks: PluginHooks, hook: "call" | "hostCall", span: CallSpan): ObservedCall {
    let observer: CallObserver | EndCall | undefined;
    try {
      observer = hooks[hook]?.(span);
    } catch (error) {
      report(hooks, error);
    }
    return new ObservedCall(hooks, observer);
  }

  /** Runs a part of the call as the hook wants it. The part is run once, even if the hook fails to, or runs it twice. */
  run<T>(part: () => T): T {
    const { observer } = this;
    if (typeof observer !== "object") return part();
    let outcome: Outcome<T> | undefined;
    let started = false;
    try {
      observer?.run?.(() => {
        if (started) return;
        started = true;
        outcome = outcomeOf(part);
      });
    } catch (error) {
      report(this.hooks, error);
    }
    const { value, error } = (outcome ??= outcomeOf(part)) as { value: T; error?: unknown };
    if ("error" in outcome) throw error;
    return value;
  }

  /** Tells the hook that the call has ended, with the error if it failed. */
  end(error?: unknown): void {
    const { observer } = this;
    try {
      if (typeof observer === "function") observer(error);
      else observer?.end?.(error);
    } catch (thrown) {
      report(this.hooks, thrown);
    }
  }
}

/** Tells hooks about an instance. Nothing that they throw goes on. */
export function tellInstance(hooks: PluginHooks | undefined, event: InstanceEvent): void {
  if (hooks?.instance === undefined) return;
  try {
    hooks.instance(event);
  } catch (error) {
    report(hooks, error);
  }
}

function outcomeOf<T>(part: () => T): Outcome<T> {
  try {
    return { value: part() };
  } catch (error) {
    return { error };
  }
}

function report(hooks: PluginHooks, error: unknown): void {
  try {
    if (hooks.failed !== undefined) {
      hooks.failed(error);
      return;
    }
  } catch {
    // The first error is the better one, and is told below.
  }
  if (warned.has(hooks)) return;
  warned.add(hooks);
  warn(
    `a hook of a plugin threw: ${reasonOf(error)}. Calls go on without it, and this is told once; the hook failed is told of each.`,
  );
}
