import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";

/** Until a process answers calls, in milliseconds: more than it takes on a busy machine. */
const START = 60_000;

/** A server in a process of its own, on a port that it keeps if it is started again. */
export class Replica {
  #child;
  #output = "";

  /**
   * @param {string} name as the proxy knows it
   * @param {{ server: string, plugin: string, port: number, env?: object, quota?: (pid: number) => void }} options paths of the program and of its
   *   plugin; `env` is added to that of this process; `quota` is what limits its processor time
   */
  constructor(name, options) {
    this.name = name;
    this.options = options;
  }

  get port() {
    return this.options.port;
  }

  get pid() {
    return this.#child.pid;
  }

  /** @returns {Promise<number>} milliseconds from the start of the process until it listens, which is when its plugin is loaded */
  async start() {
    const { server, plugin, port, env, quota } = this.options;
    const begin = performance.now();
    const child = spawn(process.execPath, [server], {
      // As in a pod, only that there is no need for seconds until a proxy knows.
      env: { ...process.env, ...env, PLUGIN: plugin, PORT: String(port), DRAIN_DELAY: "1500" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#output = "";
    quota?.(child.pid);
    const listening = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#fault("does not start")), START);
      const read = (chunk) => {
        this.#output += chunk;
        if (!/^Serving /m.test(this.#output)) return;
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("exit", () => {
        clearTimeout(timer);
        reject(this.#fault("has ended"));
      });
    });
    await listening;
    return performance.now() - begin;
  }

  /** Ends it at once, with all calls that it has. */
  async kill() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  /**
   * Ends it as Kubernetes does.
   *
   * @throws Error unless it ends by itself, without an error
   */
  async drain() {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    const [code] = await ended;
    if (code !== 0) throw this.#fault(`ended with ${code}`);
  }

  /** Ends it, if it runs. */
  async stop() {
    const { exitCode, signalCode } = this.#child ?? { exitCode: 0 };
    if (exitCode === null && signalCode === null) await this.kill();
  }

  #fault(what) {
    return new Error(`the server ${this.name} at port ${this.port} ${what}:\n${this.#output}`);
  }
}

/** @returns {Promise<number[]>} so many ports of this machine that nobody listens at */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}
