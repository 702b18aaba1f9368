import { fromBase64 } from "./compress";

/** What the page begins with: `wplug inspect --html` and `nx playground` write it. */
export type Start =
  | null
  /** A plugin in the page itself, as base64. */
  | { readonly name: string; readonly wasm: string }
  /** One that is served beside the page, with events that tell of new builds. */
  | { readonly name: string; readonly url: string; readonly events: string };

/**
 * Opens what the page begins with, again whenever there is another build.
 *
 * @param open is told the name, how it is read, and what is said then
 */
export async function fetchStart(
  start: Start,
  open: (name: string, read: () => Promise<Uint8Array>, done?: string) => Promise<void>,
): Promise<void> {
  if (start === null) return;
  const { name } = start;
  if ("wasm" in start) return open(name, () => Promise.resolve(fromBase64(start.wasm)));
  const read = async () => {
    const response = await fetch(start.url, { cache: "no-store" });
    if (!response.ok) throw new Error(`${name} is not built`);
    return new Uint8Array(await response.arrayBuffer());
  };
  new EventSource(start.events).onmessage = () =>
    void open(name, read, `${name} was built again, and is open.`);
  await open(name, read);
}
