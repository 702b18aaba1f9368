/** Calls servers by @grpc/grpc-js, in a process of its own, until it is told to end: `node caller.mjs OPTIONS`, with IPC. */
import http2 from "node:http2";
import { createRequire } from "node:module";

const { target, callers, method, keepAlive } = JSON.parse(process.argv[2]);

// Each attempt of a call is a stream, and @grpc/grpc-js tells of none but the last.
let attempts = 0;
const require = createRequire(import.meta.url);
const { connect } = http2;
require("node:http2").connect = (...args) => {
  const session = connect(...args);
  const { request } = session;
  session.request = (...rest) => {
    attempts++;
    return request.apply(session, rest);
  };
  return session;
};
const { Client, credentials, Metadata, status } = require("@grpc/grpc-js");

/** As a client of gRPC is told by its configuration, or by DNS. */
const serviceConfig = {
  loadBalancingConfig: [{ round_robin: {} }],
  methodConfig: [
    {
      name: [{}],
      timeout: "30s",
      retryPolicy: {
        maxAttempts: 5,
        initialBackoff: "0.05s",
        maxBackoff: "1s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE"],
      },
    },
  ],
};

const client = new Client(target, credentials.createInsecure(), {
  "grpc.service_config": JSON.stringify(serviceConfig),
  // How soon a server that was away is used again.
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 1000,
  // How soon a connection is given up at whose other end nobody answers any more.
  ...(keepAlive && { "grpc.keepalive_time_ms": 1000, "grpc.keepalive_timeout_ms": 1000 }),
});

/** A message with one field of text. */
const message = (text) => Buffer.concat([Buffer.of(0x0a, text.length), Buffer.from(text)]);

let isRunning = true;
let times = [];
let calls = 0;
let answered = 0;
let begun = 0;
let again = 0;
const lost = new Map();
const peers = new Map();

/** One call by gRPC, with its retries. `hasBegun` is whether headers of an answer came, after which gRPC tries no more. */
function callOnce(request) {
  const same = (bytes) => bytes;
  return new Promise((resolve) => {
    let hasBegun = false;
    const done = (error, reply) =>
      resolve({ error, reply, hasBegun, peer: error === null ? running.getPeer() : undefined });
    const bytes = message(request);
    const running = client.makeUnaryRequest(method, same, same, bytes, new Metadata(), done);
    running.on("metadata", () => (hasBegun = true));
  });
}

/** What a caller does that knows that the call may run twice: once more, if the connection broke in the middle of the answer. */
async function call(request) {
  const begin = performance.now();
  calls++;
  let result = await callOnce(request);
  // The client sees that the connection broke; behind a proxy, only that the answer has no status.
  const broke = [status.UNAVAILABLE, status.INTERNAL].includes(result.error?.code);
  if (broke && result.hasBegun) {
    begun++;
    result = await callOnce(request);
    if (result.error === null) again++;
  }
  times.push(performance.now() - begin);
  const { error, reply, peer } = result;
  if (error === null && reply.includes(request)) {
    answered++;
    peers.set(peer, (peers.get(peer) ?? 0) + 1);
    return;
  }
  const text =
    error === null ? "the answer of another call" : `${status[error.code]}: ${error.details}`;
  lost.set(text, (lost.get(text) ?? 0) + 1);
}

/** What there was since the last time, and how long each call took in milliseconds. */
function report() {
  const counts = {
    calls,
    answered,
    attempts,
    begun,
    again,
    lost: Object.fromEntries(lost),
    peers: Object.fromEntries(peers),
    times,
  };
  [calls, answered, attempts, begun, again, times] = [0, 0, 0, 0, 0, []];
  lost.clear();
  peers.clear();
  return counts;
}

process.on("message", async (command) => {
  if (command === "end") isRunning = false;
  if (command === "end") await all;
  process.send(report(), () => command === "end" && process.exit());
});

// A text of its own for each, so that no answer can be that of another call.
const all = Promise.all(
  Array.from({ length: callers }, async (_, i) => {
    for (let round = 0; isRunning; round++) await call(`caller ${process.pid}-${i}, call ${round}`);
  }),
);
