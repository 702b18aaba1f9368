import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

import { work } from "./folders.mjs";

/** @returns {string | undefined} the version of haproxy, where there is one */
export function haproxyVersion() {
  const { status, stdout } = spawnSync("haproxy", ["-v"], { encoding: "utf8" });
  return status === 0 ? /version (\S+)/.exec(stdout)?.[1] : undefined;
}

/**
 * Starts haproxy in front of servers, and waits until it knows that those that run are ready.
 *
 * @param {{ port: number, replicas: readonly { name: string, port: number }[], running: number }} options `replicas` are all that there
 *   may ever be, the first `running` of which run
 */
export async function startHaproxy({ port, replicas, running }) {
  mkdirSync(work, { recursive: true });
  const [config, socket, unavailable] = ["haproxy.cfg", "haproxy.sock", "unavailable.http"].map(
    (name) => join(work, name),
  );
  writeFileSync(unavailable, UNAVAILABLE);
  writeFileSync(config, configuration({ port, replicas, socket, unavailable }));
  const child = spawn("haproxy", ["-q", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += chunk));
  /** Rows of its statistics by the names of servers. */
  const stats = async () => {
    const csv = await ask(socket, "show stat");
    const [head, ...rows] = csv
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const names = head.map((name) => name.replace("# ", ""));
    const records = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
    return new Map(
      records.filter(({ pxname }) => pxname === "servers").map((it) => [it.svname, it]),
    );
  };
  const isReady = async () => {
    const known = await stats().catch(() => new Map());
    return replicas.slice(0, running).every(({ name }) => known.get(name)?.status === "UP");
  };
  const until = Date.now() + 30_000;
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill();
      throw new Error(`haproxy does not start, or finds no server:\n${errors}`);
    }
    await delay(50);
  }
  return { stats, stop: () => child.kill() };
}

/**
 * What is said instead of haproxy's page when no server can answer: a status of gRPC without a body. With one, `@grpc/grpc-js` would
 * count the call as answered, and not try again.
 */
const UNAVAILABLE = [
  "HTTP/1.1 200 OK",
  "Content-Type: application/grpc",
  "grpc-status: 14",
  "grpc-message: no server is ready",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

function configuration({ port, replicas, socket, unavailable }) {
  return `global
  stats socket ${socket} mode 600 level user
  maxconn 4000

defaults
  mode http
  timeout connect 2s
  # A call may take as long as its deadline says. Here none takes longer than this.
  timeout client 60s
  timeout server 60s
  timeout check 2s
  # What a client of gRPC takes for UNAVAILABLE, and tries again: it has no body.
  errorfile 502 ${unavailable}
  errorfile 503 ${unavailable}
  errorfile 504 ${unavailable}

frontend clients
  # HTTP/2 without TLS, which gRPC speaks. With TLS it is: ssl crt … alpn h2
  bind 127.0.0.1:${port} proto h2
  default_backend servers

backend servers
  # By calls, not by connections: a client keeps one.
  balance leastconn
  # A server that can't be reached at all is tried no more for this call: it was not sent, so another may have it.
  retries 3
  option redispatch 1
  retry-on conn-failure
  # The health service of gRPC, which the same port answers by Connect with JSON.
  option httpchk
  http-check send meth POST uri /grpc.health.v1.Health/Check ver HTTP/2 hdr Host localhost hdr Content-Type application/json body "{}"
  http-check expect string \\"SERVING\\"
  default-server proto h2 check check-proto h2 inter 200ms fastinter 100ms downinter 200ms fall 1 rise 1
${replicas.map(({ name, port }) => `  server ${name} 127.0.0.1:${port}`).join("\n")}
`;
}

async function ask(socket, command) {
  const connection = connect(socket);
  connection.end(`${command}\n`);
  return text(connection);
}
