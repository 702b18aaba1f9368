import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { TemporaryFolder } from "../../testing/temporary-folder";
import { servePage, type ServedPage } from "./serve-page";

let folder: TemporaryFolder;
let page: ServedPage;

beforeEach(async () => {
  folder = new TemporaryFolder();
  page = await servePage("greeter.wasm", join(folder.path, "greeter.wasm"), 0);
});

afterEach(() => {
  page.close();
  folder.remove();
});

it("serves the page with the plugin, as it is when a page asks for it", async () => {
  const text = await (await fetch(page.url)).text();
  expect(text).toContain(
    '<script type="application/json" id="start">{"name":"greeter.wasm","url":"plugin.wasm","events":"events"}</script>',
  );
  const wasm = new URL("plugin.wasm", page.url);
  expect((await fetch(wasm)).status).toBe(404);
  for (const content of ["first", "second"]) {
    writeFileSync(join(folder.path, "greeter.wasm"), content);
    expect(await (await fetch(wasm)).text()).toBe(content);
  }
  expect((await fetch(new URL("../greeter.wasm", page.url))).status).toBe(404);
});

it("tells open pages of another build", async () => {
  const { body } = await fetch(new URL("events", page.url));
  const reader = body!.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toBe(":\n\n");
  page.reload();
  expect(await read()).toBe("data: built\n\n");
  await reader.cancel();
});

it("is for this machine alone, whatever name its address has", async () => {
  const status = await new Promise((resolve) => {
    request(page.url, { headers: { host: "evil.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });
  expect(status).toBe(403);
});

it("says that a port is taken, and what to do", async () => {
  const { port } = new URL(page.url);
  await expect(servePage("x.wasm", "x.wasm", Number(port))).rejects.toThrow(
    `The page can't be served at port ${port}: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Try --port=0.`,
  );
});
