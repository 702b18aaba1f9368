import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { reasonOf } from "../../errors/reason-of";
import { UserError } from "../../errors/user-error";
import { playgroundPage } from "../../inspection/write-page";

/** A page that is served. */
export interface ServedPage {
  readonly url: string;
  /** Tells open pages that there is another build. */
  reload(): void;
  close(): void;
}

/**
 * Serves the playground to this machine alone, with a plugin that is read whenever a page asks for it.
 *
 * @param name what the page calls the plugin
 * @param file absolute path of the plugin
 * @param port 0 for any that is free
 * @throws UserError if the port is not free
 */
export async function servePage(name: string, file: string, port: number): Promise<ServedPage> {
  const page = await playgroundPage({ name, url: "plugin.wasm", events: "events" });
  const listeners = new Set<ServerResponse>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, type: string, content: string | Uint8Array): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(content);
    };
    // Or a page of anybody could have its own name resolve to this machine, and read the plugin.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) {
      return send(403, "text/plain", "This page is for 127.0.0.1 alone.");
    }
    switch (request.url?.split("?", 1)[0]) {
      case "/":
        return send(200, "text/html; charset=utf-8", page);
      case "/plugin.wasm":
        try {
          return send(200, "application/wasm", await readFile(file));
        } catch (error) {
          return send(404, "text/plain", reasonOf(error));
        }
      case "/events":
        response.writeHead(200, {
          "content-type": "text/event-stream",
          "cache-control": "no-store",
        });
        response.write(":\n\n");
        listeners.add(response);
        response.on("close", () => listeners.delete(response));
        return;
      default:
        return send(404, "text/plain", "There is nothing.");
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new UserError(
          `The page can't be served at port ${port}: ${reasonOf(error)}. Try --port=0.`,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    reload: () => listeners.forEach((it) => it.write("data: built\n\n")),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
