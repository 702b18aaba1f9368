import { MOST_BYTES, tooLarge } from "./plugin";

/**
 * A file of the web.
 *
 * @throws Error if it can't be read, or is larger than a page takes
 */
export async function readUrl(url: string): Promise<Uint8Array> {
  const response = await fetch(url).catch((error: Error) => {
    throw new Error(
      `${url} can't be read: ${error.message}. Servers of other sites have to allow it, by the header Access-Control-Allow-Origin.`,
    );
  });
  if (!response.ok) throw new Error(`${url} can't be read: HTTP status ${response.status}`);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  // Not all at once: it may have no end.
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || value === undefined) break;
    size += value.length;
    if (size > MOST_BYTES) {
      await reader?.cancel();
      throw new Error(tooLarge(url));
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
