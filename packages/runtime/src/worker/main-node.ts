import { parentPort } from "node:worker_threads";
import type { WorkerRequest } from "./protocol.js";
import { serve, type Post } from "./serve.js";

const post: Post = (message, transfer = []) =>
  parentPort?.postMessage(message, transfer as ArrayBuffer[]);
const receive = serve(post);
parentPort?.on("message", (request: WorkerRequest) => receive(request));
