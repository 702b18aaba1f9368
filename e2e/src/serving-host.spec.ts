import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { Client, credentials } from "@grpc/grpc-js";

import { start } from "./run.js";
import { until } from "./until.js";
import { Workspace } from "./workspace.js";

const WASM = "greeter-plugin/dist/greeter-plugin.wasm";

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
  let image: string;

  beforeAll(() => {
    workspace = Workspace.create("ts");
    workspace.nx("g wplug:plugin greeter --directory=.");
    workspace.nx("g wplug:host shop --directory=. --contract=greeter-contract --serve");
    workspace.nx("format:check --all");
    workspace.nx("run-many -t build typecheck test handshake");
    image = realpathSync(mkdtempSync(join(tmpdir(), "wplug-image-")));
  });

  afterAll(() => {
    workspace.remove();
    rmSync(image, { recursive: true, force: true });
  });

  it("runs from what its image has, answers a client of gRPC, and ends under load without losing a call", async () => {
    const dockerfile = workspace.read("shop/Dockerfile");
    const commands = [...dockerfile.matchAll(/^RUN (.*)$/gm)].map(([, command]) => command);
    expect(commands).toEqual(["npm ci", "npx nx build shop", "npm prune --omit=dev"]);
    cpSync(join(workspace.root, WASM), join(image, "greeter.wasm"));
    cpSync(join(workspace.root, "shop/dist/main.mjs"), join(image, "main.mjs"));
    workspace.runOk("npm prune --omit=dev");
    const modules = join(image, "node_modules");
    cpSync(join(workspace.root, "node_modules"), modules, {
      recursive: true,
      verbatimSymlinks: true,
    });

    const env = { PLUGIN: "greeter.wasm", PORT: "0", DRAIN_DELAY: "5000" };
    const { child, output, ended } = start("exec node main.mjs", image, env);
    let port: string | undefined;
    await until(() => {
      [, port] = /localhost:(\d+)/.exec(output()) ?? [];
      return port !== undefined || child.exitCode !== null;
    }, output);
    expect(output()).toContain("Serving greeter.wasm at ");

    const client = new Client(`localhost:${port}`, credentials.createInsecure());
    const greet = (name: string) => call(client, "/greeter.v1.Greeter/SayHello", message(name));
    const health = () => call(client, "/grpc.health.v1.Health/Check", Buffer.alloc(0));
    expect(await greet("shop")).toEqual(message("Hello, shop"));
    expect(await health()).toEqual(SERVING);

    let calls = 0;
    let isReady = true;
    const caller = async () => {
      while (isReady) {
        expect(await greet("load")).toEqual(message("Hello, load"));
        calls++;
      }
    };
    const load = Promise.all(Array.from({ length: 32 }, caller));
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
    expect({ exitCode, output: output().split("\n").length }).toEqual({ exitCode: 0, output: 2 });
  }, 120_000);

  it.each([
    [{}, "No plugin was given. Usage: "],
    [{ PLUGIN: "greeter.wasm", PORT: "http" }, 'PORT has to be a whole number, and is "http".'],
    [{ PLUGIN: "none.wasm" }, "none.wasm"],
  ])("ends with a sentence about what is wrong in its environment: %j", async (env, sentence) => {
    const { exitCode, output } = await start("node main.mjs", image, env).ended;
    expect(output).toContain(sentence);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(exitCode).toBe(1);
  });
});
