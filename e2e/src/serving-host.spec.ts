import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { Client, credentials } from "@grpc/grpc-js";

import { buildImage, type Image } from "./image.js";
import { start } from "./run.js";
import { until } from "./until.js";
import { Workspace } from "./workspace.js";

const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

/** As in the image: by a user who may write nowhere, if the tests may become one. */
const BY_NOBODY =
  process.getuid?.() === 0 ? "exec setpriv --reuid=65532 --regid=65532 --clear-groups " : "exec ";

const SERVING = Buffer.of(0x08, 1);
const NOT_SERVING = Buffer.of(0x08, 2);

/** A message with one field of text, which is what greetings and their requests are. */
function message(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x0a, text.length), Buffer.from(text)]);
}

/** Calls by a client that knows nothing of wplug, nor of the contract. */
function call(client: Client, method: string, request: Buffer): Promise<Buffer> {
  const bytes = (value: Buffer): Buffer => value;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, bytes, bytes, request, (error, reply) => {
      if (error === null && reply !== undefined) resolve(reply);
      else reject(error ?? new Error("no answer"));
    });
  });
}

describe("a host that serves", () => {
  let workspace: Workspace;
  // What the Dockerfile copies into the image, and nothing else.
  let image: Image;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    workspace.nx("g wplug:plugin greeter --directory=.");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter-contract --serve");
    workspace.nx("format:check --all");
    workspace.nx("run-many -t build typecheck test handshake");
    image = buildImage(workspace, "shop");
    cpSync(join(workspace.root, WASM), join(image.folder, "greeter.wasm"));
  });

  afterAll(() => {
    workspace.remove();
    image.remove();
  });

  it("runs from what its image has, answers a client of gRPC, and ends under load without losing a call", async () => {
    expect(image.commands).toEqual(["npm ci", "npx nx build shop", "npm prune --omit=dev"]);
    expect(readdirSync(image.folder).sort()).toEqual(["greeter.wasm", "main.mjs", "node_modules"]);
    const env = { PLUGIN: "greeter.wasm", PORT: "0", HTTP_PORT: "0", DRAIN_DELAY: "5000" };
    const { child, output, ended } = start(`${BY_NOBODY}node main.mjs`, image.folder, env);
    let ports: string[] = [];
    await until(() => {
      ports = Array.from(output().matchAll(/localhost:(\d+)/g), ([, it = ""]) => it);
      return ports.length === 2 || child.exitCode !== null;
    }, output);
    expect(output()).toContain("Serving greeter.wasm by HTTP/2 at ");
    const [port, httpPort] = ports;

    const client = new Client(`localhost:${port}`, credentials.createInsecure());
    const greet = (name: string) => call(client, "/greeter.v1.Greeter/SayHello", message(name));
    const health = () => call(client, "/grpc.health.v1.Health/Check", Buffer.alloc(0));
    expect(await greet("shop")).toEqual(message("Hello, shop"));
    expect(await health()).toEqual(SERVING);
    /** As curl and browsers do: JSON by HTTP/1.1. */
    const post = async (method: string, body: object): Promise<unknown> => {
      const response = await fetch(`http://localhost:${httpPort}${method}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    expect(await post("/grpc.health.v1.Health/Check", {})).toEqual({ status: "SERVING" });

    let calls = 0;
    let isReady = true;
    const caller = async () => {
      while (isReady) {
        expect(await greet("load")).toEqual(message("Hello, load"));
        calls++;
      }
    };
    const http1Caller = async () => {
      while (isReady) {
        const answer = await post("/greeter.v1.Greeter/SayHello", { name: "load" });
        expect(answer).toEqual({ message: "Hello, load" });
        calls++;
      }
    };
    const callers = Array.from({ length: 36 }, (_, i) => (i < 32 ? caller() : http1Caller()));
    const load = Promise.all(callers);
    await until(() => calls > 500, output);
    const before = calls;
    child.kill("SIGTERM");
    // As a probe of Kubernetes, after which no new calls are sent. Those that are under way get answers.
    while ((await health()).equals(SERVING)) await delay(10);
    expect(await health()).toEqual(NOT_SERVING);
    await until(() => calls > before + 32, output);
    isReady = false;
    await load;
    client.close();
    const { exitCode } = await ended;
    expect({ exitCode, output: output().split("\n").length }).toEqual({ exitCode: 0, output: 3 });
  }, 120_000);

  it.each([
    [{}, "No plugin was given. Usage: "],
    [{ PLUGIN: "greeter.wasm", PORT: "http" }, 'PORT has to be a whole number, and is "http".'],
    [
      { PLUGIN: "greeter.wasm", HTTP_PORT: "-1" },
      'HTTP_PORT has to be a whole number, and is "-1".',
    ],
    [{ PLUGIN: "none.wasm" }, "none.wasm"],
    [{ PLUGIN: "oci://localhost:1/none:1" }, "oci://localhost:1/none:1"],
    [{ PLUGIN: "main.mjs" }, "main.mjs"],
  ])("ends with a sentence about what is wrong in its environment: %j", async (env, sentence) => {
    const { exitCode, output } = await start("node main.mjs", image.folder, env).ended;
    expect(output).toContain(sentence);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(1);
  });
});
