import { PluginLoadError } from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import type { HostFunction } from "./host-function.js";
import type { HostServiceDescriptor } from "./service-descriptor.js";

/** Functions that a host offers to plugins: an implementation of a host service. Generated code makes it. */
export interface HostLibrary {
  readonly functions: readonly HostFunction[];
}

type Implementation = Readonly<Record<string, unknown>>;

/**
 * Makes an implementation of a host service into a library for plugins. For generated code.
 *
 * @throws WplugError that names the methods that are missing: better now than when a plugin calls one
 */
export function hostLibrary(service: HostServiceDescriptor, implementation: object): HostLibrary {
  const methods = Object.values(service.methods);
  const members = implementation as Implementation;
  const missing = methods
    .map(({ name }) => name)
    .filter((name) => typeof members[name] !== "function");
  if (missing.length > 0) {
    throw new WplugError(
      `the implementation of ${service.typeName} lacks ${missing.join(", ")}: plugins may call all of its functions`,
    );
  }
  return {
    functions: methods.map(({ name, wasmName, input, output }) => ({
      module: service.module,
      name: wasmName,
      input,
      output,
      isAsync: isAsyncFunction(members[name]),
      // As a method: the implementation may be an instance of a class.
      call: (request, options) =>
        (members[name] as HostFunction["call"]).call(members, request, options),
    })),
  };
}

function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object AsyncFunction]";
}

/**
 * All host functions that a plugin is given.
 *
 * @throws PluginLoadError if two of them have the same name: which one would be meant?
 */
export function functionsOf({
  libraries = [],
}: {
  readonly libraries?: readonly HostLibrary[] | undefined;
}): HostFunction[] {
  const functions = libraries.flatMap((library) => library.functions);
  const names = new Set<string>();
  for (const { module, name } of functions) {
    if (names.has(`${module}.${name}`)) {
      throw new PluginLoadError(
        `the host provides ${module}.${name} twice: leave out one of the libraries`,
      );
    }
    names.add(`${module}.${name}`);
  }
  return functions;
}
