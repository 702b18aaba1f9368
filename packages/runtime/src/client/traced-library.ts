import type { HostFunction } from "../descriptors/host-function.js";
import type { HostLibrary } from "../descriptors/host-library.js";
import type { HostCallOptions } from "../descriptors/host-call-options.js";
import { isPromise } from "../instance/is-promise.js";
import type { PluginHooks } from "../options/hooks.js";
import { ObservedCall } from "./observed-call.js";

/**
 * The context of a call that hooks follow. It takes the way of the context to the host functions, through threads, pools and calls
 * inside of calls, where the host's own context is found again: what is active there by itself is that of whoever started a thread.
 */
export class ObservedContext {
  readonly context: unknown;
  readonly call: ObservedCall;

  constructor(context: unknown, call: ObservedCall) {
    this.context = context;
    this.call = call;
  }
}

/** The library, with hooks that are told of each call of its functions. */
export function tracedLibrary({ functions }: HostLibrary, hooks: PluginHooks): HostLibrary {
  return { functions: functions.map((hostFunction) => tracedFunction(hostFunction, hooks)) };
}

function tracedFunction(hostFunction: HostFunction, hooks: PluginHooks): HostFunction {
  const { module, name } = hostFunction;
  const span = {
    name: `${module}/${name}`,
    attributes: { "rpc.system": "wplug", "rpc.service": module, "rpc.method": name },
  };
  type Request = Parameters<HostFunction["call"]>[0];
  const call = (request: Request, options: HostCallOptions): ReturnType<HostFunction["call"]> => {
    if (hooks.hostCall === undefined) return hostFunction.call(request, options);
    const observed = ObservedCall.begin(hooks, "hostCall", span);
    let response: ReturnType<HostFunction["call"]>;
    try {
      response = observed.run(() => hostFunction.call(request, options));
    } catch (error) {
      observed.end(error);
      throw error;
    }
    if (isPromise(response)) return settled(response, observed);
    observed.end();
    return response;
  };
  return {
    ...hostFunction,
    call(request, options) {
      const { context } = options;
      if (!(context instanceof ObservedContext)) return call(request, options);
      const given = {
        context: context.context,
        // A signal is made for those alone who ask for it.
        get signal() {
          return options.signal;
        },
      };
      return context.call.run(() => call(request, given));
    },
  };
}

async function settled<T>(promise: PromiseLike<T>, observed: ObservedCall): Promise<T> {
  let response: T;
  try {
    response = await promise;
  } catch (error) {
    observed.end(error);
    throw error;
  }
  observed.end();
  return response;
}
