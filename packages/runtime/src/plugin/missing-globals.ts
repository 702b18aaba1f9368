const NO_NODE = "there is no Node in a plugin";

/** What authors may miss -> what to do. */
const MISSING: Readonly<Record<string, string>> = {
  Intl: "there is no Intl in a plugin in TypeScript: let the host format, or a package without it",
  fetch: "a plugin reaches what its contract offers: call a function of the host",
  XMLHttpRequest: "a plugin reaches what its contract offers: call a function of the host",
  WebSocket: "a plugin reaches what its contract offers: call a function of the host",
  process: `${NO_NODE}: what it needs of its environment can be in requests`,
  Buffer: `${NO_NODE}: use Uint8Array, or the package "buffer"`,
  require: `${NO_NODE}: use import`,
  __dirname: `${NO_NODE}: files of the host are read with @wplug/runtime/plugin`,
  window: "there is no page in a plugin",
  document: "there is no page in a plugin",
};

/** What follows the text of an error for a global that plugins do not have; empty for other errors. */
export function insteadOf({ name, message }: Error): string {
  const [, global = ""] = /^(\w+) is not defined$/.exec(message) ?? [];
  const advice = name === "ReferenceError" ? MISSING[global] : undefined;
  return advice === undefined ? "" : `: ${advice}`;
}
