import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { linkPackages } from "./copy-workspace.js";
import { run, runOk, start } from "./run.js";
import { tasksOf } from "./tasks.js";
import { NX, type Workspace } from "./workspace.js";

const TOKEN = "secret";
const OUTPUTS = [
  "greeter-plugin/dist/greeter-plugin.wasm",
  "plugins/polite-plugin/dist/polite-plugin.wasm",
  "greeter-contract/assembly/gen",
  "greeter-contract/src/gen",
  "shop/dist/main.mjs",
  "shop/dist/handshake.json",
];

/** The self-hosted cache of https://nx.dev/docs/guides/tasks--caching/self-hosted-caching, in memory. */
function cacheServer() {
  const stored = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const body: Buffer[] = [];
    request.on("data", (chunk: Buffer) => body.push(chunk));
    request.on("end", () => {
      const [, hash] = /^\/v1\/cache\/([^/]+)$/.exec(url) ?? [];
      const answer = (status: number, content?: Buffer) => {
        requests.push(`${method} ${status}`);
        response.writeHead(status, { "content-type": "application/octet-stream" }).end(content);
      };
      if (headers.authorization !== `Bearer ${TOKEN}`) answer(401);
      else if (hash === undefined) answer(404);
      else if (method === "GET") answer(stored.has(hash) ? 200 : 404, stored.get(hash));
      else if (stored.has(hash)) answer(409);
      else {
        stored.set(hash, Buffer.concat(body));
        answer(200);
      }
    });
  });
  return { server, requests };
}

/** One clone builds, and another one, elsewhere, gets it all from a remote cache. */
export function testRemoteCache(workspace: () => Workspace): void {
  const { server, requests } = cacheServer();
  let folder: string;
  let remote: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-clone-")));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    remote = {
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: TOKEN,
    };
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await new Promise((resolve) => server.close(resolve));
  });

  it("has everything for a second clone in another folder, which runs neither asc nor buf", async () => {
    const first = workspace().root;
    const second = join(folder, "some/where/else");
    // Tasks at the same time, in a cache that knows nothing.
    const command = `${NX} run-many -t build handshake --outputStyle=static`;
    const there = await start(`${command} --parallel=6`, first, {
      ...remote,
      NX_CACHE_DIRECTORY: join(folder, "cache-1"),
    }).ended;
    expect(there).toMatchObject({ exitCode: 0 });
    const ran = tasksOf(there.output);
    expect(new Set(Object.values(ran))).toEqual(new Set(["ran"]));
    expect(Object.keys(ran)).toContain("greeter-contract:generate");

    runOk(`git clone -q ${first} ${second}`, folder);
    linkPackages(join(first, "node_modules"), join(second, "node_modules"));
    // Neither compiler is there.
    for (const program of ["@bufbuild/buf", "@bufbuild/buf-linux-x64", "assemblyscript/dist"]) {
      rmSync(join(second, "node_modules", program, "bin"), { recursive: true, force: true });
      if (program.endsWith("dist"))
        rmSync(join(second, "node_modules", program), { recursive: true });
    }
    requests.length = 0;
    const here = await start(command, second, {
      ...remote,
      NX_CACHE_DIRECTORY: join(folder, "cache-2"),
    }).ended;
    expect(here).toMatchObject({ exitCode: 0 });
    const restored = tasksOf(here.output);
    expect(Object.keys(restored).sort()).toEqual(Object.keys(ran).sort());
    expect(new Set(Object.values(restored))).toEqual(new Set(["cached"]));
    expect(new Set(requests)).toEqual(new Set(["GET 200"]));
    for (const output of OUTPUTS) {
      expect(existsSync(join(second, output))).toBe(true);
      expect(run(`diff -r ${join(first, output)} ${join(second, output)}`, folder).output).toBe("");
    }
    expect(readFileSync(join(second, "shop/dist/main.mjs"), "utf8")).not.toContain(first);
  });
}
