// The other side of the postMessage round trip: an instance of the floor.
import { parentPort, workerData } from "node:worker_threads";

import { floorEcho } from "./floor-echo.mjs";

const echo = floorEcho(new WebAssembly.Instance(workerData).exports);
parentPort.on("message", (bytes) => {
  const answer = echo(bytes);
  parentPort.postMessage(answer, [answer.buffer]);
});
