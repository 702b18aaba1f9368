const NO_NODE = "there is no Node in a plugin";
const NO_WEB = "a plugin reaches what its contract offers: call a function of the host";

/** What authors may miss -> what to do. */
const MISSING: Readonly<Record<string, string>> = {
  Intl: "there is no Intl in a plugin in TypeScript: let the host format, or a package without it",
  fetch: NO_WEB,
  XMLHttpRequest: NO_WEB,
  WebSocket: NO_WEB,
  ...named(
    ["Blob", "File", "FormData", "Headers", "Request", "Response"],
    "a plugin has nothing of fetch: a package that only looks for it is content with an empty class",
  ),
  ...named(
    ["ReadableStream", "WritableStream", "TransformStream"],
    "there are no streams in a plugin: requests and replies are whole messages",
  ),
  WebAssembly: "there is no compiler in a plugin: let the host call another plugin",
  SharedArrayBuffer: "there are no threads in a plugin",
  Atomics: "there are no threads in a plugin",
  Worker: "there are no threads in a plugin",
  process: `${NO_NODE}: what it needs of its environment can be in requests`,
  Buffer: `${NO_NODE}: use Uint8Array, or the package "buffer"`,
  require: `${NO_NODE}: use import`,
  __dirname: `${NO_NODE}: files of the host are read with @wplug/runtime/plugin`,
  window: "there is no page in a plugin",
  document: "there is no page in a plugin",
};

function named(names: readonly string[], advice: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, advice]));
}

/** What packages read of `crypto.subtle`, which is not there: they ask for that themselves, so nothing else can be in its place. */
const OF_SUBTLE = /^cannot read property '(importKey|generateKey|deriveBits|digest)' of undefined$/;

/** What follows the text of an error for a global that plugins do not have; empty for other errors. */
export function insteadOf({ name, message }: Error): string {
  if (name === "TypeError" && OF_SUBTLE.test(message)) {
    return ": there is no crypto.subtle in a plugin: take a package that computes itself, as @noble/hashes does";
  }
  const [, global = ""] = /^(\w+) is not defined$/.exec(message) ?? [];
  const advice = name === "ReferenceError" ? MISSING[global] : undefined;
  return advice === undefined ? "" : `: ${advice}`;
}
