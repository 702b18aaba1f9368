import { deflate, fromBase64, inflate, toBase64Url } from "./compress";
import type { Json } from "./json";

/** What a link has in it: the contract and a request, never the plugin, and no code of mocks, which would run at whoever opens it. */
export interface Shared {
  /** The contract, as in a plugin. */
  readonly contract: Uint8Array;
  /** `greeter.v1.Greeter` */
  readonly service: string;
  readonly method: string;
  readonly request: Json;
}

/** Bytes that a link may decompress to. */
const MOST = 4 << 20;

/** Behind the `#` of an address. */
export async function writeLink({ contract, ...rest }: Shared): Promise<string> {
  const json = new TextEncoder().encode(
    JSON.stringify({ ...rest, contract: toBase64Url(contract) }),
  );
  return toBase64Url(await deflate(json));
}

/** @throws Error if it is damaged */
export async function readLink(hash: string): Promise<Shared> {
  const bytes = await inflate(fromBase64(hash.replace(/^#/, "")), MOST);
  const { contract, service, method, request } = JSON.parse(
    new TextDecoder().decode(bytes),
  ) as Record<string, unknown>;
  const texts = [contract, service, method];
  if (!texts.every((it) => typeof it === "string")) throw new Error("it is no link of wplug");
  return {
    contract: fromBase64(contract as string),
    service: service as string,
    method: method as string,
    request: (request ?? {}) as Json,
  };
}
