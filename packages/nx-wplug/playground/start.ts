import { fromBase64 } from "./compress";

/** What the page begins with: `wplug inspect --html` and `nx playground` write it. */
export type Start =
  | null
  /** A plugin in the page itself, as base64. */
  | { readonly name: string; readonly wasm: string }
  /** One that is served beside the page, with events that tell of new builds. */
  | { readonly name: string; readonly url: string; readonly events: string };

/** Opens what the page begins with, again whenever there is another build. */
export async function fetchStart(
  start: Start,
  open: (name: string, wasm: Uint8Array) => Promise<void>,
): Promise<void> {
  if (start === null) return;
  if ("wasm" in start) return open(start.name, fromBase64(start.wasm));
  const load = async () => {
    const response = await fetch(start.url, { cache: "no-store" });
    if (!response.ok) throw new Error(`${start.name} is not built`);
    await open(start.name, new Uint8Array(await response.arrayBuffer()));
  };
  new EventSource(start.events).onmessage = () => void load();
  await load();
}
