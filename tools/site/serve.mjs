/** Serves a built site to this machine: `npm run docs`, which builds it first. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { installOnce } from "../install.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** @returns {Promise<{ url: string, close: () => void }>} @throws Error if the port is not free */
export async function serveFolder(folder, port) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    // Nothing above the folder: URL has resolved the dots, and what is escaped is not unescaped.
    for (const path of [pathname, `${pathname}.html`, `${pathname}index.html`]) {
      const content = await readFile(join(folder, path)).catch(() => undefined);
      if (content === undefined) continue;
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type });
      return response.end(content);
    }
    response.writeHead(404, { "content-type": TYPES[".html"] });
    response.end(await readFile(join(folder, "404.html")));
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installOnce(here);
  const { buildSite } = await import("./build.mjs");
  const { OUT } = await import("./pages.mjs");
  await buildSite();
  const { url } = await serveFolder(OUT, Number(process.env["PORT"] ?? 4600));
  console.log(`The site is at ${url}`);
}
