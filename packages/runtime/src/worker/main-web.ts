import type { WorkerRequest } from "./protocol.js";
import { serve, type Post } from "./serve.js";

/** The part of a worker's global scope that is used; its types come only with the whole DOM. */
interface WorkerScope {
  postMessage(message: unknown, transfer: readonly ArrayBufferLike[]): void;
  onmessage: (event: { readonly data: WorkerRequest }) => void;
}

const scope = globalThis as unknown as WorkerScope;
const post: Post = (message, transfer = []) => scope.postMessage(message, transfer);
const receive = serve(post);
scope.onmessage = ({ data }) => receive(data);
