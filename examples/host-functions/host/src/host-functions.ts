import { Level } from "@wplug-examples/host-functions-contract";
import type { HostFunctions } from "@wplug-examples/host-functions-contract/host";

/** Writes one line of the log. */
export type WriteLine = (line: string) => void;

/**
 * What plugins may do: get pages of one server, and log.
 *
 * @param origin of the weather service: `https://weather.example`
 */
export function hostFunctions(origin: string, writeLine: WriteLine): HostFunctions {
  return {
    // Asynchronous, and the plugin waits: on Node 24 in this thread, before that in a worker.
    async httpGet({ path }) {
      const url = new URL(path, origin);
      // `//evil.example` is a path too.
      if (url.origin !== new URL(origin).origin) throw new Error(`${path} is on another server`);
      const response = await fetch(url);
      return { status: response.status, body: await response.text() };
    },

    log({ level, message, fields }) {
      const name = Level[level] ?? "UNSPECIFIED";
      writeLine(JSON.stringify({ level: name, message, ...Object.fromEntries(fields) }));
      return {};
    },
  };
}
